-- Descriptions of functions, and arguments unpacked by them:
--   {arg = name, type =, help =, req = true} or with default = value, or defaulta = name of another argument.
-- dok makes its own pair, which shows the help text first.
local colors = sys.COLORS
local banner = ('+'):rep(69)
local kMostValues = 64

local function line(def)
  local key = def.arg and def.arg .. ' = ' .. def.type or def.type
  if not def.req then key = '[' .. key .. ']' end
  local text = string.format('%-40s', '    ' .. key) .. '-- ' .. (def.help or '')
  if def.defaulta then return text .. '  [default == ' .. def.defaulta .. ']' end
  if def.default == nil then return text end
  local default = def.default
  return text .. '  [default = ' .. (type(default) == 'table' and xlua.table2string(default) or tostring(default)) .. ']'
end

local function body(name, defs)
  local named = defs[1] and defs[1].arg
  local open, close = named and '{' or '(', named and '}' or ')'
  local lines = {name .. open}
  for _, def in ipairs(defs) do
    if type(def) == 'table' then lines[#lines + 1] = line(def)
    else
      lines[#lines + 1] = close
      lines[#lines + 1] = name .. open
    end
  end
  lines[#lines + 1] = close
  return table.concat(lines, '\n') .. '\n'
end

local function example(name, defs)
  local a, b = defs[1], defs[2]
  if not b then return nil end
  return string.format('%s{%s=%s, %s=%s}\n%s(%s, ...)', name, b.arg, b.type, a.arg, a.type, name, a.type)
end

-- A call with one plain table without a list part names its arguments.
local function is_named(args)
  local only = args[1]
  return #args == 1 and type(only) == 'table' and #only == 0 and getmetatable(only) == nil
end

-- help(name): text shown first, or nil; may_be_empty: calls without arguments are fine when none is required
local function make(help, may_be_empty)
  local made = {}

  function made.usage(name, description, shown, ...)
    local text = {help and help(name) or banner .. '\n' .. colors.Magenta .. name .. colors.none .. '\n'}
    if description and description ~= '' then text[#text + 1] = description .. '\n' end
    text[#text + 1] = colors.blue .. '> ' .. colors.none .. 'usage:'
    local call = shown and '\n' .. colors.cyan .. shown .. colors.none .. '\n' or ''
    text[#text + 1] = colors.cyan .. body(name, {...}) .. colors.none .. call .. banner
    return table.concat(text, '\n')
  end

  function made.unpack(args, name, description, ...)
    local defs = {...}
    local usage = setmetatable({}, {__tostring = function()
      return made.usage(name, description, example(name, defs), unpack(defs))
    end})
    local function refuse(missing)
      if missing then print(colors.Red .. 'missing argument: ' .. missing .. colors.none) end
      print(tostring(usage))
      error(colors.Red .. 'error' .. colors.none, 3)
    end

    local all, values = {usage = usage}, {}
    local count = table.maxn(args)
    local named = is_named(args)
    if count == 0 and not may_be_empty then refuse() end
    for i, def in ipairs(defs) do
      local value
      if named then value = args[1][def.arg] else value = args[i] end
      if value == nil then value = def.default end
      if value == nil and def.defaulta then value = all[def.defaulta] end
      if value == nil and def.req then refuse(count > 0 and def.arg or nil) end
      all[def.arg], all[i], values[i] = value, value, value
    end
    return all, unpack(values, 1, math.min(#defs, kMostValues))
  end

  return made
end

local own = make()
xlua.usage, xlua.unpack = own.usage, own.unpack

function xlua.unpack_class(object, args, ...)
  local all = xlua.unpack(args, ...)
  for name, value in pairs(all) do
    if type(name) == 'string' and name ~= 'usage' then object[name] = value end
  end
end

function xlua.usage_module(module, name, description)
  local text = colors.magenta .. banner .. '\nPACKAGE:\n' .. name .. '\n'
  if description then text = text .. '\nDESC:\n' .. description .. '\n' end
  text = text .. banner .. '+' .. colors.none
  return setmetatable(module, {__tostring = function() return text end}) and text
end

return make
