-- nn.Jacobian for modules whose input is a sparse vector: an n x 2 tensor of (index, value). Only values are perturbed.
local SparseJacobian = {}

local function values(input)
  return input:select(2, 2)
end

function SparseJacobian.backward(module, input, param, dparam)
  local doparam = param ~= nil
  module:forward(input)
  local dout = module.output.new():resizeAs(module.output)
  local columns = dout:view(-1)
  local rows = doparam and param:nElement() or input:size(1)
  local jacobian = torch.Tensor(rows, columns:nElement()):zero()
  for i = 1, columns:nElement() do
    dout:zero()
    columns[i] = 1
    module:zeroGradParameters()
    local din = module:updateGradInput(input, dout)
    module:accGradParameters(input, dout)
    if doparam then
      jacobian:select(2, i):copy(dparam)
    else
      if type(din) == 'table' then din = din[1] end
      for k = 1, input:size(1) do jacobian[k][i] = din[input[k][1]][2] end
    end
  end
  return jacobian
end

SparseJacobian.backwardUpdate = function(...) return nn.Jacobian.backwardUpdate(...) end

function SparseJacobian.forward(module, input, param, perturbation)
  if param then return nn.Jacobian.forward(module, input, param, perturbation) end
  return nn.Jacobian.forward(module, input, values(input), perturbation)
end

SparseJacobian.forwardUpdate = SparseJacobian.forward

local function randomize(t, minval, maxval)
  t:copy(torch.rand(t:nElement()):mul((maxval or 2) - (minval or -2)):add(minval or -2))
end

function SparseJacobian.testJacobian(module, input, minval, maxval, perturbation)
  randomize(values(input), minval, maxval)
  local forward = SparseJacobian.forward(module, input, nil, perturbation)
  local backward = SparseJacobian.backward(module, input)
  return (forward - backward):abs():max()
end

function SparseJacobian.testJacobianParameters(module, input, param, dparam, minval, maxval, perturbation)
  randomize(values(input), minval, maxval)
  randomize(param, minval, maxval)
  local backward = SparseJacobian.backward(module, input, param, dparam)
  local forward = SparseJacobian.forward(module, input, param, perturbation)
  return (forward - backward):abs():max()
end

function SparseJacobian.testJacobianUpdateParameters(module, input, param, minval, maxval, perturbation)
  randomize(values(input), minval, maxval)
  randomize(param, minval, maxval)
  local backward = SparseJacobian.backwardUpdate(module, input, param)
  local forward = SparseJacobian.forwardUpdate(module, input, param, perturbation)
  return (forward - backward):abs():max()
end

function SparseJacobian.testIO(module, input)
  module:zeroGradParameters()
  local output = module:forward(input):clone()
  local go = module.output:clone():copy(torch.rand(module.output:nElement()))
  module:backward(input, go)
  local gradient = module.gradWeight:clone()
  local copy = nn.utils.deepCopy(module)
  copy:zeroGradParameters()
  copy:forward(input)
  copy:backward(input, go)
  return (copy.output - output):abs():max(), (copy.gradWeight - gradient):abs():max()
end

SparseJacobian.testAllUpdate = function(...) return nn.Jacobian.testAllUpdate(...) end

return SparseJacobian
