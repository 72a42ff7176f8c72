-- {x} -> x
local JustElement = torch.class('nngraph.JustElement', 'nn.Module')

function JustElement:updateOutput(input)
  assert(#input == 1, 'expecting one element')
  self.output = input[1]
  return self.output
end

function JustElement:updateGradInput(input, gradOutput)
  self.gradInput = { gradOutput }
  return self.gradInput
end
