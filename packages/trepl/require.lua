-- require that also takes files: './name' is looked for beside the calling file and run anew every time.
local plain_require = require
local loaders = {}

function loaders.lua(file) return dofile(file) end
function loaders.th(file) return torch.load(file) end
function loaders.net(file)
  plain_require 'nn'
  return torch.load(file)
end
function loaders.json(file)
  local f = assert(io.open(file))
  local text = f:read('*all')
  f:close()
  return plain_require('cjson').decode(text)
end
function loaders.csv(file) return plain_require('csv').load(file) end
function loaders.so(file)
  local open, problem = package.loadlib(file, 'luaopen_' .. paths.basename(file, 'so'))
  if not open then error(problem, 0) end
  return open()
end

local tried_in_turn = {'.th', '.net', '.json', '.csv', '.so'}

-- The loader and the file that a name stands for, or nil.
local function find(name)
  if paths.filep(name .. '.lua') then return loaders.lua, name .. '.lua' end
  if paths.filep(name) then return loaders[paths.extname(name) or ''] or loaders.lua, name end
  for _, extension in ipairs(tried_in_turn) do
    if paths.filep(name .. extension) then return loaders[extension:sub(2)], name .. extension end
  end
  if paths.filep(name .. '/init.lua') then return loaders.lua, name .. '/init.lua' end
end

local function calling_folder()
  local level = 3
  while true do
    local info = debug.getinfo(level, 'S')
    if not info then return '.' end
    if info.what ~= 'C' then
      local file = info.source:match('^@(.*)')
      return file and paths.dirname(file) or '.'
    end
    level = level + 1
  end
end

return function(name)
  if type(name) == 'string' and name:sub(1, 1) == '.' then
    local load, file = find(calling_folder() .. '/' .. name)
    if not load then error('could not find ' .. name, 2) end
    return load(file)
  end
  if name == 'trepl' then plain_require('trepl.print').end_with_tab() end
  local ok, result = pcall(plain_require, name)
  if ok then return result end
  if type(result) == 'string' and result:find("^module '.-' not found:") then
    local load, file = find('./' .. name)
    if load then return load(file) end
  end
  error(result, 0)
end
