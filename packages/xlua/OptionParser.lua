-- Reads options from the command line:
--   op = xlua.OptionParser('%prog [options] file')
--   op:option{'-s', '--size', dest = 'size', default = 3, help = 'size of it'}
--   options, args = op:parse()
require 'torch'
local OptionParser = torch.class('xlua.OptionParser')

function OptionParser:__init(usage)
  self.usage = usage or ''
  self.option_descriptions = {}
  self.option_of = {}
  self:option{'-h', '--help', action = 'store_true', dest = 'help', help = 'show this help message and exit'}
end

function OptionParser:option(description)
  description.action = description.action or 'store'
  table.insert(self.option_descriptions, description)
  for _, flag in ipairs(description) do self.option_of[flag] = description end
end

function OptionParser:fail(message)
  io.stderr:write(message, '\n')
  self:help()
  os.exit(1)
end

function OptionParser:parse(options)
  local result, rest, given = {}, {}, {}
  for _, option in ipairs(self.option_descriptions) do result[option.dest] = option.default end
  for name, value in pairs(options or {}) do result[name] = value end

  local words = arg or {}
  result.__main__ = arg ~= nil or nil
  local i = 1
  while i <= #words do
    local flag, value = words[i]:match('^(%-%-[^=]+)=(.*)$')
    flag = flag or words[i]
    local option = self.option_of[flag]
    if not option then
      if flag:sub(1, 1) == '-' then self:fail('invalid option ' .. flag) end
      rest[#rest + 1] = words[i]
    else
      given[option] = true
      if option.action == 'store_true' then result[option.dest] = true
      elseif option.action == 'store_false' then result[option.dest] = false
      else
        if not value then
          i = i + 1
          value = words[i]
        end
        if value == nil and option.default == nil then self:fail('option requires an argument ' .. flag) end
        if value ~= nil then result[option.dest] = value end
      end
    end
    i = i + 1
  end

  if given[self.option_of['--help']] then
    self:help()
    os.exit(0)
  end
  for _, option in ipairs(self.option_descriptions) do
    if option.req and result[option.dest] == nil then self:fail('option ' .. option[1] .. ' requires an argument ') end
  end
  self.options = result
  return result, rest
end

function OptionParser:flags(option)
  if option.action == 'store_true' or option.action == 'store_false' then return table.concat(option, ', ') end
  local value = option.metavar or option.dest:upper()
  local shown = {}
  for i, flag in ipairs(option) do shown[i] = flag .. (flag:sub(1, 2) == '--' and '=' or ' ') .. value end
  return table.concat(shown, ', ')
end

function OptionParser:help()
  local program = arg and arg[0] or ''
  if arg and arg[-1] and arg[-1] ~= arg[0] then program = arg[-1] .. ' ' .. program end
  io.write('Usage: ', (self.usage:gsub('%%prog', (program:gsub('%%', '%%%%')))), '\n\nOptions:\n')
  local flags, longest = {}, 0
  for i, option in ipairs(self.option_descriptions) do
    flags[i] = self:flags(option)
    longest = math.max(longest, #flags[i])
  end
  for i, option in ipairs(self.option_descriptions) do
    local note = ''
    if option.req then note = ' [REQUIRED]' elseif option.default ~= nil then note = ' [default = ' .. tostring(option.default) .. ']' end
    io.write('  ', flags[i], (' '):rep(longest - #flags[i] + 2), option.help or '', note, '\n')
  end
end

local function chosen(name, names)
  if not names or #names == 0 then return true end
  for _, wanted in ipairs(names) do
    if wanted == name then return true end
  end
  return false
end

function OptionParser:tostring(compact, names)
  local options = self.options or {}
  if not compact then
    local lines = {(arg and arg[0] or '') .. ' configuration:\n'}
    for key, value in pairs(options) do lines[#lines + 1] = ' + ' .. tostring(key) .. ' = ' .. tostring(value) .. '\n' end
    return table.concat(lines)
  end
  local pieces = {}
  for _, option in ipairs(self.option_descriptions) do
    local value = options[option.dest]
    if value and chosen(option.dest, names) then
      pieces[#pieces + 1] = option[1] .. '=' .. tostring(value):gsub('/', '|'):gsub(' ', '_')
    end
  end
  return table.concat(pieces, ',')
end

function OptionParser:summarize(compact) io.write(self:tostring(compact), '\n') end
