local CReLU, parent = torch.class('nn.CReLU', 'nn.Sequential')

-- nInputDims: dimensions of one sample; its first dimension is doubled
function CReLU:__init(nInputDims, inplace)
   parent.__init(self)
   self.nInputDims = nInputDims
   self.inplace = inplace or false
   self:add(nn.ConcatTable():add(nn.Identity()):add(nn.MulConstant(-1)))
   self:add(nn.JoinTable(1, nInputDims))
   self:add(nn.ReLU(self.inplace))
end

function CReLU:__tostring__()
   return 'CReLU()'
end
