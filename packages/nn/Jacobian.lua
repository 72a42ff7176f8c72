-- Jacobians of modules by back-propagation and by finite differences, and tests that compare the two.
local Jacobian = {}

-- Rows: elements of the input (or of `param`), columns: elements of the output.
function Jacobian.backward(module, input, param, dparam)
  local doparam = param ~= nil
  param = param or input
  module:forward(input)
  local dout = module.output.new():resizeAs(module.output)
  local columns = dout:view(-1)
  local jacobian = torch.Tensor(param:nElement(), columns:nElement()):zero()
  for i = 1, columns:nElement() do
    dout:zero()
    columns[i] = 1
    module:zeroGradParameters()
    local din = module:updateGradInput(input, dout)
    module:accGradParameters(input, dout)
    jacobian:select(2, i):copy(doparam and dparam or din)
  end
  return jacobian
end

-- As above, from updates with learning rate -1 of a zeroed parameter.
function Jacobian.backwardUpdate(module, input, param)
  module:forward(input)
  local dout = module.output.new():resizeAs(module.output)
  local columns = dout:view(-1)
  local jacobian = torch.Tensor(param:nElement(), columns:nElement()):zero()
  local parameters = module:parameters()
  local original = {}
  for j, p in ipairs(parameters) do original[j] = p:clone() end
  for i = 1, columns:nElement() do
    for j, p in ipairs(parameters) do p:copy(original[j]) end
    dout:zero()
    columns[i] = 1
    local before = param:clone()
    module:updateGradInput(input, dout)
    module:accUpdateGradParameters(input, dout, 1)
    jacobian:select(2, i):copy(before:add(-1, param))
  end
  for j, p in ipairs(parameters) do p:copy(original[j]) end
  return jacobian
end

-- Calls visit(get, set, i) for every element of a tensor, contiguous or not.
local function eachElement(t, visit)
  local flat = t:isContiguous() and t:view(-1)
  local i, sizes = 0, t:size()
  local at = torch.LongStorage(sizes:size()):fill(1)
  for _ = 1, t:nElement() do
    i = i + 1
    if flat then
      visit(flat, i, i)
    else
      visit(t, at, i)
      local d = sizes:size()
      at[d] = at[d] + 1
      while d > 1 and at[d] > sizes[d] do
        at[d] = 1
        d = d - 1
        at[d] = at[d] + 1
      end
    end
  end
end

function Jacobian.forward(module, input, param, perturbation)
  param = param or input
  perturbation = perturbation or 1e-6
  local outputs = module:forward(input):nElement()
  local jacobian = torch.Tensor(param:nElement(), outputs)
  eachElement(param, function(t, key, i)
    local original = t[key]
    t[key] = original - perturbation
    local low = module:forward(input):clone()
    t[key] = original + perturbation
    local high = module:forward(input):clone()
    t[key] = original
    jacobian:select(1, i):copy(high:add(-1, low):div(2 * perturbation))
  end)
  return jacobian
end

-- What backwardUpdate is compared with.
Jacobian.forwardUpdate = Jacobian.forward

-- The diagonal of the second derivative for modules that are linear in input and parameters: the squared Jacobian,
-- weighted by that of the output.
function Jacobian.linearModuleDiagHessian(module, input, gradParamName)
  local gradParam = module[gradParamName]
  module:forward(input)
  local dout = module.output.new():resizeAs(module.output)
  local columns = dout:view(-1)
  local jacobian = torch.Tensor(gradParam:nElement(), columns:nElement()):zero()
  for i = 1, columns:nElement() do
    dout:zero()
    columns[i] = 1
    module:zeroGradParameters()
    module:updateGradInput(input, dout)
    module:accGradParameters(input, dout)
    jacobian:select(2, i):copy(module[gradParamName])
  end
  return jacobian:cmul(jacobian)
end

local function testDiagHessian(module, input, gradParamName, diagHessianParamName)
  module:forward(input)
  local diagHessianOutput = torch.rand(module.output:size())
  module.diagHessianWeight = module.diagHessianWeight and module.diagHessianWeight:zero()
  module.diagHessianBias = module.diagHessianBias and module.diagHessianBias:zero()
  module:updateDiagHessianInput(input, diagHessianOutput)
  module:accDiagHessianParameters(input, diagHessianOutput)
  local exact = Jacobian.linearModuleDiagHessian(module, input, gradParamName)
  local expected = torch.mv(exact, diagHessianOutput:view(-1))
  local got = module[diagHessianParamName]
  return (expected - got:contiguous():view(-1)):abs():max()
end

function Jacobian.testDiagHessianInput(module, input)
  return testDiagHessian(module, input, 'gradInput', 'diagHessianInput')
end

function Jacobian.testDiagHessianWeight(module, input)
  module:initDiagHessianParameters()
  return testDiagHessian(module, input, 'gradWeight', 'diagHessianWeight')
end

function Jacobian.testDiagHessianBias(module, input)
  module:initDiagHessianParameters()
  return testDiagHessian(module, input, 'gradBias', 'diagHessianBias')
end

local function randomize(t, minval, maxval)
  local range = maxval - minval
  t:copy(torch.rand(t:nElement()):mul(range):add(minval))
end

local function difference(a, b)
  local d = (a - b):abs()
  return d:max()
end

function Jacobian.testJacobian(module, input, minval, maxval, perturbation)
  randomize(input, minval or -2, maxval or 2)
  local forward = Jacobian.forward(module, input, input, perturbation)
  local backward = Jacobian.backward(module, input)
  return difference(forward, backward)
end

function Jacobian.testJacobianParameters(module, input, param, dparam, minval, maxval, perturbation)
  randomize(input, minval or -2, maxval or 2)
  randomize(param, minval or -2, maxval or 2)
  local backward = Jacobian.backward(module, input, param, dparam)
  local forward = Jacobian.forward(module, input, param, perturbation)
  return difference(forward, backward)
end

function Jacobian.testJacobianUpdateParameters(module, input, param, minval, maxval, perturbation)
  randomize(input, minval or -2, maxval or 2)
  randomize(param, minval or -2, maxval or 2)
  local backward = Jacobian.backwardUpdate(module, input, param)
  local forward = Jacobian.forwardUpdate(module, input, param, perturbation)
  return difference(forward, backward)
end

-- How much output and gradInput change when a module is written to a file and read back.
function Jacobian.testIO(module, input)
  module:zeroGradParameters()
  local output = module:forward(input):clone()
  local go = module.output:clone():copy(torch.rand(module.output:nElement()))
  local gi = module:backward(input, go):clone()
  local copy = nn.utils.deepCopy(module)
  copy:forward(input)
  copy:backward(input, go)
  return difference(copy.output, output), difference(copy.gradInput, gi)
end

-- Four ways of applying a gradient to a weight; returns the error of each.
function Jacobian.testAllUpdate(module, input, weight, gradWeight)
  local lr = torch.uniform(0.1, 1)
  local errors = {}

  local function updated(m, gradOutput)
    m:zeroGradParameters()
    m:updateGradInput(input, gradOutput)
    m:accGradParameters(input, gradOutput)
    m:updateParameters(lr)
    return m[weight]
  end

  -- accumulated, then applied
  local plain = module:clone()
  local original = plain[weight]:clone()
  plain:forward(input)
  local gradOutput = torch.rand(plain.output:size()):typeAs(plain.output)
  local once = updated(plain, gradOutput)
  errors['accGradParameters'] = (original - plain[gradWeight] * lr - once):norm()
  local step = once - original

  -- applied at once
  local direct = module:clone()
  direct:forward(input)
  direct:updateGradInput(input, gradOutput)
  direct:accUpdateGradParameters(input, gradOutput, lr)
  errors['accUpdateGradParameters'] = (direct[weight] - once):norm()

  -- by two modules that share the weight: twice the step
  local first = module:clone()
  local second = first:clone(weight)
  first:forward(input)
  second:forward(input)
  for _, m in ipairs{ first, second } do
    m:zeroGradParameters()
    m:updateGradInput(input, gradOutput)
    m:accGradParameters(input, gradOutput)
  end
  first:updateParameters(lr)
  second:updateParameters(lr)
  errors['accGradParameters [shared]'] = (first[weight] - original - step * 2):norm()

  local third = module:clone()
  local fourth = third:clone(weight)
  for _, m in ipairs{ third, fourth } do
    m:forward(input)
    m:updateGradInput(input, gradOutput)
  end
  third:accUpdateGradParameters(input, gradOutput, lr)
  fourth:accUpdateGradParameters(input, gradOutput, lr)
  errors['accUpdateGradParameters [shared]'] = (third[weight] - original - step * 2):norm()
  return errors
end

return Jacobian
