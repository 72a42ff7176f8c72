local Copy, parent = torch.class('nn.Copy', 'nn.Module')

function Copy:__init(intype, outtype, forceCopy, dontCast)
  intype = intype or torch.Tensor.__typename
  outtype = outtype or torch.Tensor.__typename
  self.dontCast = dontCast
  parent.__init(self)
  self.gradInput = torch.getmetatable(intype).new()
  self.output = torch.getmetatable(outtype).new()

  if not forceCopy and intype == outtype then
    self.updateOutput = function(module, input)
      module.output:set(input)
      return input
    end
    self.updateGradInput = function(module, _, gradOutput)
      module.gradInput:set(gradOutput)
      return gradOutput
    end
  end
end

function Copy:updateOutput(input)
  nn.utils.resizeLike(self.output, input):copy(input)
  return self.output
end

function Copy:updateGradInput(_, gradOutput)
  nn.utils.resizeLike(self.gradInput, gradOutput):copy(gradOutput)
  return self.gradInput
end

-- The two types are its purpose: with dontCast they stay as they are.
function Copy:type(type, cache)
  if type and self.dontCast then return self end
  return parent.type(self, type, cache)
end
