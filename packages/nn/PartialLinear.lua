-- A linear layer of which only some output units are computed and trained at a time.
local PartialLinear, parent = torch.class('nn.PartialLinear', 'nn.Module')

function PartialLinear:__init(inputsize, outputsize, bias)
  parent.__init(self)
  self.network = nn.Sequential()
    :add(nn.ParallelTable():add(nn.Identity()):add(nn.LookupTable(outputsize, inputsize)))
    :add(nn.MM(false, true))
  if bias ~= false then
    self.bias = torch.Tensor(1, outputsize):zero()
    self.gradBias = torch.Tensor(1, outputsize):zero()
  end
  self.inputsize = inputsize
  self.outputsize = outputsize
  self.allcolumns = torch.range(1, outputsize)
  self:resetPartition()
end

function PartialLinear:setPartition(indices)
  self.partition = indices:type(self.allcolumns:type())
end

function PartialLinear:resetPartition()
  self.partition = self.allcolumns
end

local function lookup(self)
  return self.network:get(1):get(2)
end

function PartialLinear:parameters()
  local table = lookup(self)
  if self.bias then
    return { table.weight, self.bias }, { table.gradWeight, self.gradBias }
  end
  return { table.weight }, { table.gradWeight }
end

function PartialLinear:updateOutput(input)
  self.output:set(self.network:forward{ input, self.partition })
  if self.bias then
    self.output:add(self.bias:index(2, self.partition:long()):expandAs(self.output))
    self.addBuffer = self.addBuffer or input.new()
  end
  return self.output
end

function PartialLinear:updateGradInput(input, gradOutput)
  if self.gradInput then
    self.network:updateGradInput({ input, self.partition }, gradOutput)
    self.gradInput:set(self.network.gradInput[1])
  end
  return self.gradInput
end

local function accumulateBias(self, gradOutput, gradBias, scale)
  if not self.bias then return end
  self.buffer = self.buffer or gradOutput.new()
  self.buffer:sum(gradOutput, 1):mul(scale)
  gradBias:indexAdd(2, self.partition:long(), self.buffer)
end

function PartialLinear:accGradParameters(input, gradOutput, scale)
  self.network:accGradParameters({ input, self.partition }, gradOutput, scale)
  accumulateBias(self, gradOutput, self.gradBias, scale or 1)
end

function PartialLinear:accUpdateGradParameters(input, gradOutput, lr)
  self.network:accUpdateGradParameters({ input, self.partition }, gradOutput, lr)
  accumulateBias(self, gradOutput, self.bias, -lr)
end

PartialLinear.sharedAccUpdateGradParameters = PartialLinear.accUpdateGradParameters

function PartialLinear:__tostring__()
  return ('%s(%d -> %d)'):format(torch.type(self), self.inputsize, self.outputsize) .. (self.bias and '' or ' without bias')
end
