local SpatialMaxUnpooling, parent = torch.class('nn.SpatialMaxUnpooling', 'nn.Module')

-- puts values back where the given pooling module found its maxima
function SpatialMaxUnpooling:__init(poolingModule)
   parent.__init(self)
   assert(torch.type(poolingModule) == 'nn.SpatialMaxPooling', 'Argument must be a nn.SpatialMaxPooling module')
   assert(poolingModule.kH == poolingModule.dH and poolingModule.kW == poolingModule.dW,
      "The size of pooling module's kernel must be equal to its stride")
   self.pooling = poolingModule
end

function SpatialMaxUnpooling:updateOutput(input)
   input.THNN.SpatialMaxUnpooling_updateOutput(input, self.output, self.pooling.indices, self.pooling.iwidth, self.pooling.iheight)
   return self.output
end

function SpatialMaxUnpooling:updateGradInput(input, gradOutput)
   input.THNN.SpatialMaxUnpooling_updateGradInput(input, gradOutput, self.gradInput, self.pooling.indices,
      self.pooling.iwidth, self.pooling.iheight)
   return self.gradInput
end

function SpatialMaxUnpooling:empty()
   self:clearState()
end

function SpatialMaxUnpooling:__tostring__()
   return torch.type(self) .. ' associated to ' .. tostring(self.pooling)
end
