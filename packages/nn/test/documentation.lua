-- Every class has a heading in doc/, and every example there runs.
require 'nn'
local paths = require 'paths'
local here = debug.getinfo(1, 'S').source:match('^@(.*)/') or '.'
local tester, tests = torch.Tester(), torch.TestSuite()

local headings = {}
for file in paths.files(here .. '/../doc', '%.md$') do
  local f = assert(io.open(here .. '/../doc/' .. file))
  local text = f:read('*a')
  f:close()
  for heading in text:gmatch('\n###? ([^\n]+)') do -- one or more classes
    for name in heading:gmatch('nn%.(%w+)') do headings[name] = true end
  end
  local n = 0
  for code in text:gmatch('\n```lua\n(.-)\n```') do
    n = n + 1
    tests[file .. ' example ' .. n] = function()
      local chunk = assert(loadstring(code, '=' .. file))
      setfenv(chunk, setmetatable({ print = function() end }, { __index = _G }))
      local ok, err = xpcall(chunk, debug.traceback)
      tester:assert(ok, code .. '\n' .. tostring(err))
    end
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

tester:add(tests)
tester:run(arg and #arg > 0 and arg or nil)
