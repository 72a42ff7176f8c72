local VolumetricMaxUnpooling, parent = torch.class('nn.VolumetricMaxUnpooling', 'nn.Module')

-- puts values back where the given pooling module found its maxima
function VolumetricMaxUnpooling:__init(poolingModule)
   parent.__init(self)
   assert(torch.type(poolingModule) == 'nn.VolumetricMaxPooling', 'Argument must be a nn.VolumetricMaxPooling module')
   assert(poolingModule.kT == poolingModule.dT and poolingModule.kH == poolingModule.dH and poolingModule.kW == poolingModule.dW,
      "The size of pooling module's kernel must be equal to its stride")
   self.pooling = poolingModule
end

function VolumetricMaxUnpooling:updateOutput(input)
   local p = self.pooling
   input.THNN.VolumetricMaxUnpooling_updateOutput(input, self.output, p.indices, p.itime, p.iwidth, p.iheight,
      p.dT, p.dW, p.dH, p.padT, p.padW, p.padH)
   return self.output
end

function VolumetricMaxUnpooling:updateGradInput(input, gradOutput)
   local p = self.pooling
   input.THNN.VolumetricMaxUnpooling_updateGradInput(input, gradOutput, self.gradInput, p.indices, p.itime, p.iwidth, p.iheight,
      p.dT, p.dW, p.dH, p.padT, p.padW, p.padH)
   return self.gradInput
end

function VolumetricMaxUnpooling:empty()
   self:clearState()
end

function VolumetricMaxUnpooling:__tostring__()
   return torch.type(self) .. ' associated to ' .. tostring(self.pooling)
end
