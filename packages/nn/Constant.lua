local Constant, parent = torch.class('nn.Constant', 'nn.Module')

-- nInputDim: dimensions of one sample; a batch then gets the value once a sample
function Constant:__init(value, nInputDim)
   parent.__init(self)
   self.value = value
   if torch.type(value) == 'number' then self.value = torch.Tensor{ value } end
   assert(torch.isTensor(self.value), 'Expecting number or tensor at arg 1')
   self.nInputDim = nInputDim
end

function Constant:updateOutput(input)
   if self.nInputDim and input:dim() > self.nInputDim then
      local size = self.value:size():totable()
      self.output:resize(input:size(1), unpack(size))
      self.output:copy(self.value:view(1, unpack(size)):expand(self.output:size()))
   else
      nn.utils.resizeLike(self.output, self.value):copy(self.value)
   end
   return self.output
end

function Constant:updateGradInput(input, gradOutput)
   return self.gradInput:resizeAs(input):zero()
end
