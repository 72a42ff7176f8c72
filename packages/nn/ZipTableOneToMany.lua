-- { e, { t1, t2... } } -> { { e, t1 }, { e, t2 }... }
local ZipTableOneToMany, parent = torch.class('nn.ZipTableOneToMany', 'nn.Module')

function ZipTableOneToMany:__init()
  parent.__init(self)
  self.output = {}
  self.gradInput = {}
  self.gradInputEl = torch.Tensor()
end

function ZipTableOneToMany:updateOutput(input)
  assert(#input == 2, 'input must be table of element and table')
  local output = {}
  for i, value in ipairs(input[2]) do output[i] = { input[1], value } end
  self.output = output
  return output
end

function ZipTableOneToMany:updateGradInput(input, gradOutput)
  assert(#input == 2, 'input must be table of element and table')
  local sum, list = self.gradInputEl, {}
  sum:resizeAs(input[1]):zero()
  for i, pair in ipairs(gradOutput) do
    sum:add(pair[1])
    list[i] = pair[2]
  end
  self.gradInput = { sum, list }
  return self.gradInput
end
