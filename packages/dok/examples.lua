-- Tests of a package's documentation: its pages, their sections, and its examples, which run.
local index, sources = require 'dok.index', require 'dok.sources'
local examples = {}

-- The Markdown files of a package: name -> text.
function examples.pages(package_name)
  local pages = {}
  for _, file in ipairs(sources(package_name)) do pages[file.name:match('[^/]*$')] = file.text:gsub('\r', '') end
  return pages
end

-- The sections of a text that document something: {title=, names=, text=}.
function examples.sections(text)
  local sections, in_code, section = {}, false, nil
  for line in (text .. '\n'):gmatch('(.-)\n') do
    if line:find('^```') then in_code = not in_code end
    local title = not in_code and line:match('^#+%s+(.*)$')
    if title then
      section = {title = title, names = index.names(title), text = ''}
      if #section.names > 0 then sections[#sections + 1] = section end
    elseif section then
      section.text = section.text .. line .. '\n'
    end
  end
  return sections
end

-- Adds to the suite a test for each fenced block of Lua. What examples print is not shown.
function examples.add(suite, tester, package_name)
  for name, text in pairs(examples.pages(package_name)) do
    local count = 0
    for code in text:gmatch('\n```lua\n(.-)\n```') do
      count = count + 1
      suite[('%s example %02d'):format(name, count)] = function()
        local chunk, message = loadstring(code, '=' .. name)
        local ok = chunk ~= nil
        if ok then
          setfenv(chunk, setmetatable({print = function() end}, {__index = _G}))
          ok, message = xpcall(chunk, debug.traceback)
        end
        tester:assert(ok, code .. '\n' .. tostring(message))
      end
    end
  end
end

return examples
