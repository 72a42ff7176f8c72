-- Extensions to Lua: printing, progress bars, argument unpacking, option parsing, profiling.
require 'sys'

xlua = {}

local colors = sys.COLORS
local at_start = {}
for name in pairs(_G) do at_start[name] = true end

local function flat(value) return (tostring(value):gsub('\n', '\\n')) end

local function fields(object)
  local lines = {}
  for key, value in pairs(object) do
    local text = type(value) == 'userdata' and '<userdata>' or flat(value)
    if #text > 40 then text = text:sub(1, 40) .. colors.none .. ' ... ' end
    lines[#lines + 1] = '[' .. flat(key) .. '] = ' .. text
  end
  return '{' .. table.concat(lines, ',\n ') .. '}'
end

function xlua.print(object, ...)
  local text
  local meta = type(object) == 'table' and getmetatable(object)
  if type(object) ~= 'table' then text = tostring(object)
  elseif meta and meta.__tostring__ then text = meta.__tostring__(object)
  elseif not (meta and meta.__tostring) then text = fields(object)
  elseif rawget(object, 'usage') then text = tostring(object.usage) .. '\n\nFIELDS:\n' .. fields(object)
  else text = tostring(object) .. ':\n' .. fields(object)
  end
  local more = {...}
  for i = 1, select('#', ...) do more[i] = tostring(more[i]) end
  io.write(text, #more > 0 and '    ' or '', table.concat(more, '\t'), '\n')
end

-- Copies what io.write writes to a file; print goes through io.write from then on.
function xlua.log(name, append)
  local file = assert(io.open(name, append and 'a' or 'w'))
  local write = io.write
  io.write = function(...)
    file:write(...)
    file:flush()
    return write(...)
  end
  print = xlua.print
end

local function user_globals()
  local libs, vars = {}, {}
  for name, value in pairs(_G) do
    if not at_start[name] then
      if type(value) == 'table' and package.loaded[name] == value then libs[#libs + 1] = name else vars[name] = value end
    end
  end
  return libs, vars
end

function xlua.who()
  local libs, vars = user_globals()
  xlua.print('')
  xlua.print('Global Libs:')
  xlua.print(libs)
  xlua.print('')
  xlua.print('Global Vars:')
  xlua.print(vars)
  xlua.print('')
end

function xlua.clear(name)
  package.loaded[name] = nil
  _G[name] = nil
  collectgarbage()
end

function xlua.clearall()
  local _, vars = user_globals()
  for name in pairs(vars) do _G[name] = nil end
  collectgarbage()
end

function xlua.error(message, domain, usage)
  local text = colors.Red .. (domain and '<' .. domain .. '> ' or '') .. message .. colors.none
  error(usage and text .. '\n' .. usage or text, 2)
end

function xlua.trycatch(f, handler)
  local ok, problem = pcall(f)
  if not ok then handler(problem) end
end

function xlua.require(name)
  local ok, result = pcall(require, name)
  if ok then return result end
  print(result)
  print('warning: <' .. name .. '> could not be loaded (is it installed?)')
  return false
end

function xlua.installed(name)
  return package.loaded[name] ~= nil or package.preload[name] ~= nil or package.searchpath(name, package.path) ~= nil
end

function xlua.envparams(defaults)
  local params = {}
  for name, default in pairs(defaults) do
    local text, value = os.getenv(name), default
    if text then
      if type(default) == 'number' then value = tonumber(text)
      elseif type(default) == 'boolean' then value = text:lower() == 'true'
      else value = text
      end
    end
    params[name] = value
  end
  return params
end

local quick = {['\n'] = '\\n', ['\\'] = '\\\\', ['"'] = '\\"'}
local function quoted(text)
  if text:find('"') and not text:find("'") then return "'" .. text:gsub('[\n\\]', quick) .. "'" end
  return '"' .. text:gsub('[\n\\"]', quick) .. '"'
end

function xlua.table2string(t, newline)
  local pieces, n = {}, #t
  local function shown(value)
    if type(value) == 'table' then return xlua.table2string(value) end
    return type(value) == 'string' and quoted(value) or tostring(value)
  end
  for i = 1, n do pieces[i] = shown(t[i]) end
  for key, value in pairs(t) do
    if not (type(key) == 'number' and key >= 1 and key <= n and key % 1 == 0) then
      local name = type(key) == 'string' and key:match('^[%a_][%w_]*$') or '[' .. shown(key) .. ']'
      pieces[#pieces + 1] = name .. (newline and ' : ' or '=') .. shown(value)
    end
  end
  if newline then return '{\n   ' .. table.concat(pieces, '\n   ') .. '\n}' end
  return '{' .. table.concat(pieces, ',') .. '}'
end

string.split = sys.split

function string.tosymbol(name)
  local chunk = loadstring('return ' .. name)
  local ok, value = pcall(chunk or error)
  if not (ok and value) then error('symbol "' .. name .. '" does not exist', 2) end
  return value
end

-- The list without length elements from start, and those elements.
function table.splice(t, start, length)
  start, length = start or 1, length or 1
  local rest, removed = {}, {}
  for i = 1, #t do
    local to = i >= start and i < start + length and removed or rest
    to[#to + 1] = t[i]
  end
  return rest, removed
end

-- Without duplicates: elements of equal hash(x) become one, the last or merge(one, other).
function table.prune(t, hash, merge)
  local kept, list = {}, {}
  for _, value in ipairs(t) do
    local key = value
    if hash then key = hash(value) end
    kept[key] = merge and kept[key] ~= nil and merge(kept[key], value) or value
  end
  for _, value in pairs(kept) do list[#list + 1] = value end
  return list
end

-- Loaded when first used.
local lazy = {
  OptionParser = 'xlua.OptionParser', Profiler = 'xlua.Profiler', progress = 'xlua.progress', formatTime = 'xlua.progress',
  usage = 'xlua.usage', unpack = 'xlua.usage', unpack_class = 'xlua.usage', usage_module = 'xlua.usage',
}
setmetatable(xlua, {__index = function(_, name)
  if not lazy[name] then return nil end
  require(lazy[name])
  return rawget(xlua, name)
end})

xprint, xerror, xrequire = xlua.print, xlua.error, xlua.require

return xlua
