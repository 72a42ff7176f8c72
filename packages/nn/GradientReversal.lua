local GradientReversal, parent = torch.class('nn.GradientReversal', 'nn.Module')

GradientReversal.__version = 2

function GradientReversal:__init(lambda)
   parent.__init(self)
   self.lambda = lambda or 1
end

function GradientReversal:setLambda(lambda)
   self.lambda = lambda
end

function GradientReversal:updateOutput(input)
   return self.output:set(input)
end

function GradientReversal:updateGradInput(input, gradOutput)
   return self.gradInput:mul(gradOutput, -self.lambda)
end

function GradientReversal:read(file, version)
   parent.read(self, file)
   if version < 2 then self.lambda = 1 end
end
