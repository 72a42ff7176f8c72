-- Every class has a heading in doc/, and every example there runs.
require 'nn'
local examples = require 'dok.examples'
local tester, tests = torch.Tester(), torch.TestSuite()

local headings = {}
for _, text in pairs(examples.pages('nn')) do
  for _, section in ipairs(examples.sections(text)) do
    for _, name in ipairs(section.names) do headings[name:gsub('^nn%.', '')] = true end
  end
end

function tests.everyClassIsDocumented()
  local missing = {}
  local classes, beyond = nn.classes()
  for _, list in ipairs{ classes, beyond } do
    for _, name in ipairs(list) do
      if not headings[name] then missing[#missing + 1] = name end
    end
  end
  tester:eq(table.concat(missing, ' '), '', 'classes without a heading in doc/')
end

examples.add(tests, tester, 'nn')
tester:add(tests)
tester:run(arg and #arg > 0 and arg or nil)
