-- Every operation, function and method has a heading in doc/, every heading something that it documents, and the
-- examples run.
require 'torch'
local examples = require 'dok.examples'
local tester, tests = torch.Tester(), torch.TestSuite()

-- Class of the headings -> a metatable with its methods.
local classes = {
  Tensor = 'DoubleTensor', Storage = 'DoubleStorage', File = 'File', DiskFile = 'DiskFile', MemoryFile = 'MemoryFile',
  PipeFile = 'PipeFile', Timer = 'Timer', CmdLine = 'CmdLine', Tester = 'Tester', Generator = 'Generator',
}
for title, name in pairs(classes) do
  local _ = torch[name] -- some are loaded by their first use
  classes[title] = torch.getmetatable('torch.' .. name)
  _ = classes[title].add -- and filled
end
local byte = torch.getmetatable('torch.ByteTensor')
local _ = byte.add

-- Not for the user: metamethods, kernels, what begins or ends with an underscore.
local function is_public(name) return type(name) == 'string' and not name:find('^_') and not name:find('_$') and name ~= 'THNN' end
local unlisted = {new = true, read = true, write = true} -- the same for every class

local headings = {} -- name as it stands in a heading -> true
for _, text in pairs(examples.pages('torch')) do
  for _, section in ipairs(examples.sections(text)) do
    for _, name in ipairs(section.names) do headings[name:gsub('^torch%.', '')] = true end
  end
end

local function check(missing, what)
  table.sort(missing)
  tester:eq(table.concat(missing, ' '), '', what)
end

function tests.operationsHaveHeadings()
  local missing = {}
  for _, op in ipairs(torch.ops()) do
    if not op.kernel and is_public(op.name) and not headings[op.name] then missing[#missing + 1] = op.name end
  end
  check(missing, 'operations without a heading in doc/')
end

function tests.functionsHaveHeadings()
  local missing = {}
  for name, value in pairs(torch) do
    if is_public(name) and (type(value) == 'function' or torch.type(value) == 'table') and not headings[name] then
      missing[#missing + 1] = name
    end
  end
  check(missing, 'functions and classes without a heading in doc/')
end

function tests.methodsHaveHeadings()
  local missing = {}
  for class, mt in pairs(classes) do
    for name, value in pairs(mt) do
      if type(value) == 'function' and is_public(name) and not unlisted[name] and
         not headings[class .. '.' .. name] and not headings[name] then
        missing[#missing + 1] = class .. ':' .. name
      end
    end
  end
  check(missing, 'methods without a heading in doc/')
end

local function exists(name)
  local class, method = name:match('^(%u%w*)%.(%w+)$')
  if class then return classes[class] and classes[class][method] ~= nil end
  if torch[name] ~= nil or torch.getmetatable('torch.' .. name) or _G[name] ~= nil or byte[name] ~= nil then return true end
  for _, mt in pairs(classes) do
    if mt[name] ~= nil then return true end
  end
  return false
end

function tests.headingsHaveOperations()
  local unknown = {}
  for name in pairs(headings) do
    if not exists(name) then unknown[#unknown + 1] = name end
  end
  check(unknown, 'headings of what does not exist')
end

function tests.pagesAndSectionsHaveText()
  local empty = {}
  for name, text in pairs(examples.pages('torch')) do
    local _, lines = text:gsub('\n', '')
    if lines < 10 or not text:find('\n```lua\n') then empty[#empty + 1] = name end
    for _, section in ipairs(examples.sections(text)) do
      if not section.text:find('%w') then empty[#empty + 1] = name .. '/' .. section.title end
    end
  end
  check(empty, 'pages and sections without text, pages without an example')
end

examples.add(tests, tester, 'torch')
tester:add(tests)
tester:run()
