-- { { a1, a2 }, { b1, b2 } } -> { { a1, b1 }, { a2, b2 } }
local ZipTable, parent = torch.class('nn.ZipTable', 'nn.Module')

function ZipTable:__init()
  parent.__init(self)
  self.output = {}
  self.gradInput = {}
end

local function turned(lists)
  local out = {}
  for i, list in ipairs(lists) do
    for j, value in ipairs(list) do
      out[j] = out[j] or {}
      out[j][i] = value
    end
  end
  return out
end

function ZipTable:updateOutput(input)
  self.output = turned(input)
  return self.output
end

function ZipTable:updateGradInput(_, gradOutput)
  self.gradInput = turned(gradOutput)
  return self.gradInput
end
