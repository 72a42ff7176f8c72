local CReLU, parent = torch.class('nn.CReLU', 'nn.Sequential')

-- input is a batch of samples of nInputDims dimensions, the first of which is doubled
function CReLU:__init(nInputDims, inplace)
   parent.__init(self)
   self.nInputDims = nInputDims
   self.inplace = inplace or false
   self:add(nn.ConcatTable():add(nn.Identity()):add(nn.MulConstant(-1)))
   self:add(nn.JoinTable(2))
   self:add(nn.ReLU(self.inplace))
end

function CReLU:__tostring__()
   return 'CReLU()'
end
