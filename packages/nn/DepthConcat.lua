local DepthConcat = torch.class('nn.DepthConcat', 'nn.Concat')

-- The part of a tensor of the joint size that belongs to one child: its own range along the joined dimension,
-- centred in the others.
function DepthConcat:windowNarrow(tensor, current, offset)
  local window = tensor:narrow(self.dimension, offset, current:size(self.dimension))
  for d = 1, self.outputSize:size() do
    if d ~= self.dimension and self.outputSize[d] ~= current:size(d) then
      local start = math.floor((self.outputSize[d] - current:size(d)) / 2) + 1
      window = window:narrow(d, start, current:size(d))
    end
  end
  return window
end

function DepthConcat:updateOutput(input)
  local outputs, size = {}, nil
  for i, module in ipairs(self.modules) do
    local output = self:rethrowErrors(module, i, 'updateOutput', input)
    outputs[i] = output
    if not size then
      size = output:size()
    else
      for d = 1, output:dim() do
        size[d] = d == self.dimension and size[d] + output:size(d) or math.max(size[d], output:size(d))
      end
    end
  end
  self.outputSize = size
  self.output:resize(size):zero()
  local offset = 1
  for _, output in ipairs(outputs) do
    self:windowNarrow(self.output, output, offset):copy(output)
    offset = offset + output:size(self.dimension)
  end
  return self.output
end

function DepthConcat:eachWindow(gradOutput, visit)
  local offset = 1
  for i, module in ipairs(self.modules) do
    visit(i, module, self:windowNarrow(gradOutput, module.output, offset))
    offset = offset + module.output:size(self.dimension)
  end
end

local function sum(self, input, gradOutput, method, scale)
  self.gradInput:resizeAs(input)
  self:eachWindow(gradOutput, function(i, module, window)
    local gradient = self:rethrowErrors(module, i, method, input, window, scale)
    if i == 1 then self.gradInput:copy(gradient) else self.gradInput:add(gradient) end
  end)
  return self.gradInput
end

function DepthConcat:updateGradInput(input, gradOutput)
  return sum(self, input, gradOutput, 'updateGradInput')
end

function DepthConcat:backward(input, gradOutput, scale)
  return sum(self, input, gradOutput, 'backward', scale or 1)
end

function DepthConcat:accGradParameters(input, gradOutput, scale)
  self:eachWindow(gradOutput, function(i, module, window)
    self:rethrowErrors(module, i, 'accGradParameters', input, window, scale or 1)
  end)
end

function DepthConcat:accUpdateGradParameters(input, gradOutput, lr)
  self:eachWindow(gradOutput, function(i, module, window)
    self:rethrowErrors(module, i, 'accUpdateGradParameters', input, window, lr)
  end)
end
