-- Rearranges dimensions named by letters: b batch, c channel, f feature, h height, w width, t time.
local Convert, parent = torch.class('nn.Convert', 'nn.Container')

local function withBatch(shape)
  return shape:find('b', 1, true) and shape or 'b' .. shape
end

local function sortedLetters(shape)
  local letters = {}
  for letter in shape:gmatch('.') do letters[#letters + 1] = letter end
  table.sort(letters)
  return table.concat(letters)
end

function Convert:__init(inputShape, outputShape)
  if outputShape and not inputShape then error('Expecting non-nil arg 1 when arg 2 is provided') end
  inputShape = inputShape or 'b*'
  outputShape = outputShape or inputShape
  self.inputShape = withBatch(inputShape)
  self.outputShape = withBatch(outputShape)
  self.inputBatchDim = self.inputShape:find('b', 1, true)
  self.outputBatchDim = self.outputShape:find('b', 1, true)
  if self.inputShape == 'b*' or self.outputShape == 'b*' then
    assert(self.inputShape == 'b*' and self.outputShape == 'b*', 'Both or neither shapes must be b*')
    self.nInputDim, self.nOutputDim = -1, -1
    self.transposition = true
  else
    self.nInputDim, self.nOutputDim = #self.inputShape, #self.outputShape
    if sortedLetters(self.inputShape) == sortedLetters(self.outputShape) then self.transposition = true end
  end
  parent.__init(self)
end

local function transposition(from, to)
  local order, swaps = {}, {}
  for letter in from:gmatch('.') do order[#order + 1] = letter end
  for d = 1, #to do
    local letter = to:sub(d, d)
    if order[d] ~= letter then
      for e = d + 1, #order do
        if order[e] == letter then
          order[d], order[e] = order[e], order[d]
          swaps[#swaps + 1] = { d, e }
          break
        end
      end
    end
  end
  return #swaps == 0 and nn.Identity() or nn.Transpose(table.unpack(swaps))
end

local function batchFirst(self)
  return self.inputBatchDim == 1 and nn.Identity() or nn.Transpose({ 1, self.inputBatchDim })
end

function Convert:buildConverter()
  local from, to = self.inputShape, self.outputShape
  if self.transposition then return transposition(from, to) end
  if to == 'bf' then
    if from == 'b' then return nn.Unsqueeze(2) end
    return nn.Sequential():add(batchFirst(self)):add(nn.Collapse(self.nInputDim - 1))
  elseif to == 'b' and (from == 'bt' or from == 'tb') then
    return nn.Sequential():add(batchFirst(self)):add(nn.Select(2, 1))
  elseif to == 'b' and (from == 'bf' or from == 'fb') then
    return nn.Sequential():add(batchFirst(self)):add(nn.Reshape(1)):add(nn.Select(2, 1))
  elseif to == 'bt' and from == 'b' then
    return nn.Unsqueeze(2)
  end
  error('Unrecognized conversion of shape ' .. from .. ' to ' .. to)
end

-- t in a tensor of the wanted type: t itself, or the buffer.
local function cast(self, name, t, type)
  if t:type() == type then return t end
  local buffer = self[name]
  if not buffer or buffer:type() ~= type then
    buffer = torch.getmetatable(type).new()
    self[name] = buffer
  end
  return nn.utils.resizeLike(buffer, t):copy(t)
end

local function asBatch(self, t, batchDim)
  if self.batchMode then return t end
  return nn.utils.addSingletonDimension(t, batchDim)
end

function Convert:updateOutput(input)
  assert(torch.isTensor(input), 'expecting tensor')
  if not torch.isTypeOf(self.converter, 'nn.Module') then
    self.converter = self:buildConverter():type(self._type)
    self.modules[1] = self.converter
  end
  self.batchMode = self.nInputDim < 0 or input:dim() >= self.nInputDim
  local x = asBatch(self, cast(self, '_input', input, self._type), self.inputBatchDim)
  local output = self.converter:updateOutput(x)
  if not self.batchMode then output = output:select(self.outputBatchDim, 1) end
  self.output = output
  return output
end

function Convert:updateGradInput(input, gradOutput)
  local x = asBatch(self, cast(self, '_input', input, self._type), self.inputBatchDim)
  local g = asBatch(self, gradOutput, self.outputBatchDim)
  local gradInput = self.converter:updateGradInput(x, g)
  if not self.batchMode then gradInput = gradInput:select(self.inputBatchDim, 1) end
  self.gradInput = cast(self, '_gradInput', gradInput, input:type())
  return self.gradInput
end

function Convert:accGradParameters(input, gradOutput, scale)
  local x = asBatch(self, cast(self, '_input', input, self._type), self.inputBatchDim)
  self.converter:accGradParameters(x, asBatch(self, gradOutput, self.outputBatchDim), scale)
end

-- The output may be the input itself, which is not ours to empty.
function Convert:clearState() end

function Convert:type(type, cache)
  if not type then return self._type end
  self._input, self._gradInput = nil, nil
  return parent.type(self, type, cache)
end
