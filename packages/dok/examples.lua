-- The examples of a package's documentation, as tests: every fenced block of Lua in a folder of Markdown files runs.
local paths = require 'paths'
local examples = {}

-- The Markdown files of a folder: name -> text.
function examples.pages(folder)
  local pages = {}
  for name in paths.files(folder, '%.md$') do
    local file = assert(io.open(folder .. '/' .. name))
    pages[name] = file:read('*a'):gsub('\r', '')
    file:close()
  end
  return pages
end

-- Adds to the suite a test for each example. What examples print is not shown.
function examples.add(suite, tester, folder)
  for name, text in pairs(examples.pages(folder)) do
    local count = 0
    for code in text:gmatch('\n```lua\n(.-)\n```') do
      count = count + 1
      suite[('%s example %02d'):format(name, count)] = function()
        local chunk = assert(loadstring(code, '=' .. name))
        setfenv(chunk, setmetatable({print = function() end}, {__index = _G}))
        local ok, message = xpcall(chunk, debug.traceback)
        tester:assert(ok, code .. '\n' .. tostring(message))
      end
    end
  end
end

return examples
