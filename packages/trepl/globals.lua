-- who, import and monitor_G: looking after the global variables.
local printing = require 'trepl.print'
local globals = {}

local system = {_RESULTS = true, _LAST = true} -- names of the globals that are not the user's
function globals.remember(names)
  for name in pairs(names) do system[name] = true end
end

local kShown = 40
local function described(value)
  local kind = type(value)
  if kind == 'string' then return 'string : "' .. (#value > kShown and value:sub(1, kShown) .. '...' or value) .. '"' end
  local class = torch.typename(value)
  if class then return printing.summary(value) or class end
  if kind == 'table' then
    local n = 0
    for _ in pairs(value) do n = n + 1 end
    return 'table - size: ' .. n
  end
  return tostring(value)
end

local function list(title, of_system)
  local names, width = {}, 0
  for name in pairs(_G) do
    if type(name) == 'string' and (system[name] or false) == of_system then
      names[#names + 1] = name
      width = math.max(width, #name)
    end
  end
  table.sort(names)
  print('== ' .. title .. ' ==')
  for _, name in ipairs(names) do
    print('[' .. name .. ']' .. (' '):rep(width - #name) .. ' = ' .. described(rawget(_G, name)))
  end
  print('==')
end

function globals.who(with_system)
  if with_system then list('System Variables', true) end
  list('User Variables', false)
end

-- Requires a package and makes its fields global where no global has that name, or anyway when forced.
function globals.import(name, forced)
  local package = require(name)
  if package == nil or package == true then package = rawget(_G, name) end
  if type(package) ~= 'table' then return end
  for key, value in pairs(package) do
    if forced or rawget(_G, key) == nil then rawset(_G, key, value) end
  end
end

-- Tells when a script makes a global variable or reads one that is not there:
-- prints, raises when asked to with true, or calls back with the name and 'newindex' or 'index'.
function globals.monitor(how)
  local function tell(event, text, name)
    if type(how) == 'function' then return how(name, event) end
    local info = debug.getinfo(3, 'Sl')
    local place = info and info.currentline >= 0 and info.short_src .. ':' .. info.currentline or '[C-module]'
    text = text .. ': ' .. tostring(name) .. ' @ ' .. place
    if how == true then error(text, 4) end
    print(text)
  end
  local meta = getmetatable(_G) or {}
  local former_index, former_newindex = meta.__index, meta.__newindex
  meta.__newindex = function(t, name, value)
    if name ~= '_RESULTS' and name ~= '_LAST' then tell('newindex', 'created global variable', name) end
    if former_newindex then return former_newindex(t, name, value) end
    rawset(t, name, value)
  end
  meta.__index = function(t, name)
    local value
    if type(former_index) == 'function' then value = former_index(t, name) elseif former_index then value = former_index[name] end
    if value == nil then tell('index', 'attempt to read undeclared variable', name) end
    return value
  end
  setmetatable(_G, meta)
end

return globals
