-- help(symbol): finds the name of what it is given, and shows the section that documents it.
local index = require 'dok.index'
local banner = ('+'):rep(69)

local standard = {}
for name in ('_G package string table math io os debug bit jit coroutine ffi'):gmatch('%S+') do standard[name] = true end

-- The dotted name under which a loaded package holds the value, searched down to the methods of classes.
local function name_of(wanted)
  local seen = {}
  local function search(t, name, depth)
    if seen[t] then return nil end
    seen[t] = true
    local inner = {}
    for key, value in next, t do
      if type(key) == 'string' then
        if rawequal(value, wanted) then return name .. '.' .. key end
        if type(value) == 'table' and depth > 0 and not key:find('^_') and not package.loaded[key] then inner[key] = value end
      end
    end
    local meta = getmetatable(t)
    if depth < 2 and type(meta) == 'table' then inner[''] = meta end
    for key, value in pairs(inner) do
      local found = search(value, key == '' and name or name .. '.' .. key, depth - 1)
      if found then return found end
    end
  end
  for name, module in pairs(package.loaded) do
    if not standard[name] and not name:find('%.') and type(module) == 'table' then
      if rawequal(module, wanted) then return name end
      local found = search(module, name, 2)
      if found then return found end
    end
  end
end

local function class_name(value)
  local ok, name = pcall(function() return torch.typename(value) end)
  return ok and name or nil
end

-- The value of a dotted name, nil when there is none. Only reads fields.
local function value_of(name)
  local value
  for part in name:gmatch('[^.]+') do
    if value == nil then value = rawget(_G, part)
    else
      local ok, field = pcall(function() return value[part] end)
      value = ok and field or nil
    end
    if value == nil then return nil end
  end
  return value
end

local function find(symbol)
  if type(symbol) ~= 'string' then
    local name = name_of(symbol) or class_name(symbol)
    return name and index.find(name)
  end
  local name = symbol:gsub('%s+', ''):gsub(':', '.'):gsub('%(.*$', ''):gsub('%.$', '')
  local entry = index.find(name)
  if entry then return entry end
  local value = value_of(name)
  if value ~= nil and type(value) ~= 'string' then entry = find(value) end
  local owner, method = name:match('^(.*)%.([^.]+)$')
  local class = not entry and owner and class_name(value_of(owner))
  return entry or class and index.find(class .. '.' .. method) or nil
end

local function explanation()
  local c = dok.colors
  return c.Magenta .. 'help(symbol)' .. c.none .. '\n\nget inline help on a specific symbol\n\n'
    .. 'to browse the complete html documentation, call: ' .. c.Magenta .. 'browse()' .. c.none
end

return function(symbol, asstring)
  local text
  if symbol == nil then text = explanation()
  else
    local entry = find(symbol)
    text = entry and dok.stylize(dok.markdown2html(index.text(entry)))
  end
  if asstring then return text end
  if not text then return print('undocumented symbol') end
  io.write(banner, '\n', text, '\n', banner, '\n')
end
