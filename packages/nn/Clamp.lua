local Clamp, parent = torch.class('nn.Clamp', 'nn.HardTanh')

function Clamp:__init(min, max)
   parent.__init(self, min, max)
end
