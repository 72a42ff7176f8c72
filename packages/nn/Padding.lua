local Padding, parent = torch.class('nn.Padding', 'nn.Module')

-- pad < 0: -pad entries of value before index; pad > 0: pad entries after it, index counted from the end.
-- nInputDim: dimensions of one sample, for batches.
function Padding:__init(dim, pad, nInputDim, value, index)
   parent.__init(self)
   self.value = value or 0
   self.index = index or 1
   self.dim = dim
   self.pad = pad
   self.nInputDim = nInputDim
   self.outputSize = torch.LongStorage()
end

-- the dimension, and the pieces {from, at, length} of the input and where they go
local function pieces(self, input)
   local dim = self.dim
   if self.nInputDim and input:dim() ~= self.nInputDim then dim = dim + 1 end
   local n, pad, index = input:size(dim), math.abs(self.pad), self.index
   -- how many entries of the input stay before the padding
   local before = self.pad > 0 and n - index + 1 or index - 1
   local list = {}
   if before > 0 then list[1] = { 1, 1, before } end
   if before < n then list[#list + 1] = { before + 1, before + 1 + pad, n - before } end
   return dim, list
end

function Padding:updateOutput(input)
   local dim, list = pieces(self, input)
   self.outputSize:resize(input:dim()):copy(input:size())
   self.outputSize[dim] = self.outputSize[dim] + math.abs(self.pad)
   self.output:resize(self.outputSize):fill(self.value)
   for _, p in ipairs(list) do
      self.output:narrow(dim, p[2], p[3]):copy(input:narrow(dim, p[1], p[3]))
   end
   return self.output
end

function Padding:updateGradInput(input, gradOutput)
   local dim, list = pieces(self, input)
   self.gradInput:resizeAs(input)
   for _, p in ipairs(list) do
      self.gradInput:narrow(dim, p[1], p[3]):copy(gradOutput:narrow(dim, p[2], p[3]))
   end
   return self.gradInput
end
