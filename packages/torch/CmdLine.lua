-- torch.CmdLine: options of a script, its help, the name of an experiment and its log.
local CmdLine = torch.class('torch.CmdLine')

local function plain(key) return (key:gsub('^%-+', '')) end

function CmdLine:__init(argseparator, keyseparator)
  self.argseparator = argseparator or ','
  self.keyseparator = keyseparator or '='
  self.options = {}   -- by key as typed, dashes included
  self.arguments = {} -- in order
  self.helplines = {} -- strings, options and arguments, in order of definition
  self.silentio = false
end

function CmdLine:silent() self.silentio = true end

function CmdLine:text(text)
  text = text or ''
  assert(type(text) == 'string', 'help text should be a string')
  table.insert(self.helplines, text)
end

function CmdLine:argument(key, help, kind)
  local argument = { key = plain(key), help = help, type = kind }
  table.insert(self.arguments, argument)
  table.insert(self.helplines, argument)
end

function CmdLine:option(key, default, help, kind)
  if default == nil then error('option ' .. key .. ' has no default value') end
  kind = kind or type(default)
  if type(default) ~= kind then error('option ' .. key .. ' has wrong default type value') end
  local option = { key = key, default = default, help = help, type = kind }
  self.options[key] = option
  table.insert(self.helplines, option)
end

function CmdLine:default()
  local params = {}
  for key, option in pairs(self.options) do params[plain(key)] = option.default end
  return params
end

-- The typed text as a value of the wanted type, or an end with help.
function CmdLine:_value(text, kind, what)
  if kind == nil or kind == 'string' then return text end
  local value
  if kind == 'number' then value = tonumber(text) end
  if value == nil then self:error(string.format('invalid type for %s (should be %s)', what, kind)) end
  return value
end

function CmdLine:parse(arg)
  local params = self:default()
  local i, count = 1, 0
  while i <= #arg do
    local word = arg[i]
    local option = self.options[word]
    if option and option.type == 'boolean' then
      params[plain(word)] = not option.default
    elseif option then
      i = i + 1
      if arg[i] == nil then self:error('missing argument for option ' .. word) end
      params[plain(word)] = self:_value(arg[i], option.type, 'option ' .. word)
    elseif word == '-h' or word == '-help' or word == '--help' then
      self:help(arg)
      os.exit(0)
    else
      count = count + 1
      local argument = self.arguments[count]
      if not argument then self:error('invalid argument: ' .. word) end
      params[argument.key] = self:_value(word, argument.type, 'argument ' .. argument.key)
    end
    i = i + 1
  end
  if count < #self.arguments then self:error('not enough arguments') end
  return params
end

function CmdLine:error(message)
  print()
  io.stderr:write(message, '\n')
  self:help()
  os.exit(1)
end

function CmdLine:help(arg)
  io.write('Usage: ')
  if arg and arg[0] then io.write(arg[0], ' ') end
  io.write('[options]')
  for _, argument in ipairs(self.arguments) do io.write(' <', argument.key, '>') end
  io.write('\n')

  local function shown(item) return item.default == nil and '<' .. item.key .. '>' or item.key end
  local width = 0
  for _, line in ipairs(self.helplines) do
    if type(line) == 'table' then width = math.max(width, #shown(line)) end
  end
  for _, line in ipairs(self.helplines) do
    if type(line) == 'table' then
      local key = shown(line)
      io.write('  ', key, string.rep(' ', width - #key))
      if line.help then io.write(' ', line.help) end
      if line.default ~= nil then io.write(' [', tostring(line.default), ']') end
    else
      io.write(line)
    end
    io.write('\n')
  end
end

-- A name for a run: what was given, and every option that differs from its default.
function CmdLine:string(prefix, params, ignore)
  local function item(key)
    local value = params[key]
    if type(value) == 'boolean' then value = value and 't' or 'f' end
    return key .. self.keyseparator .. tostring(value)
  end
  local function ignored(key)
    if ignore[key] then print('-- ignore option ' .. key) end
    return ignore[key]
  end

  local arguments, options = {}, {}
  for _, argument in ipairs(self.arguments) do
    if not ignored(argument.key) then table.insert(arguments, item(argument.key)) end
  end
  for key, option in pairs(self.options) do
    key = plain(key)
    if not ignored(key) and params[key] ~= nil and (params[key] ~= option.default or ignore[key] == false) then
      table.insert(options, item(key))
    end
  end
  table.sort(options)

  local text = table.concat(options, self.argseparator)
  if #arguments > 0 then text = table.concat(arguments, self.argseparator) .. self.argseparator .. text end
  prefix = prefix or ''
  return text == '' and prefix or prefix .. self.argseparator .. text
end

function CmdLine:addTime(name, format)
  format = format or '%Y-%m-%d %H:%M:%S'
  assert(type(format) == 'string', 'the format of addTime should be a string')
  local suffix = name and '[' .. name .. ']: ' or ': '
  self.timestamp = function() return os.date(format) .. suffix end
end

-- From here on print writes to the file too.
function CmdLine:log(file, params)
  local out = type(file) == 'string' and assert(io.open(file, 'w')) or file
  local screen = print
  _G.print = function(...)
    if not self.silentio then screen(...) end
    local items = { ... }
    for i = 1, select('#', ...) do items[i] = tostring(items[i]) end
    if self.timestamp then table.insert(items, 1, self.timestamp()) end
    table.insert(items, '\n')
    out:write(table.concat(items, ' '))
    out:flush()
  end

  print('[program started on ' .. os.date() .. ']')
  print('[command line arguments]')
  local keys = {}
  for key in pairs(params or {}) do table.insert(keys, key) end
  table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
  for _, key in ipairs(keys) do print(key, params[key]) end
  print('[----------------------]')
end
