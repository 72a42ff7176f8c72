-- The print that opens tables and shows tensors.
local printing = {old = print}

local kLevel = 5
local level = kLevel
local kMargin = '  '

-- One line for what a nested tensor or storage is, nil for anything else.
function printing.summary(value)
  local kind = torch.typename(value)
  local name = kind and kind:match('(%a*Tensor)$')
  if name then
    if value:dim() == 0 then return name .. ' - empty' end
    return name .. ' - size: ' .. table.concat(value:size():totable(), 'x')
  end
  name = kind and kind:match('(%a*Storage)$')
  if name then return name .. ' - size: ' .. value:size() end
end

local paint = setmetatable({}, {__index = function(self, kind)
  local c = require 'trepl.colorize'
  self.string, self.number, self.boolean, self.key, self.other = c.green, c.cyan, c.magenta, c.blue, c.none
  return rawget(self, kind) or self.other
end})

local function nested(value)
  local kind = type(value)
  if kind == 'string' then return paint.string('"' .. value .. '"') end
  if kind == 'userdata' or kind == 'cdata' then return paint.other(printing.summary(value) or tostring(value)) end
  return paint[kind](tostring(value))
end

local function open(t, indent, depth, out)
  out[#out + 1] = indent .. '{\n'
  for key, value in pairs(t) do
    out[#out + 1] = indent .. kMargin .. paint.key(tostring(key)) .. ' : '
    if type(value) ~= 'table' or printing.summary(value) then out[#out + 1] = nested(value) .. '\n'
    elseif next(value) == nil or depth >= level then out[#out + 1] = '{...}\n'
    else
      out[#out + 1] = '\n'
      open(value, indent .. kMargin .. kMargin, depth + 1, out)
    end
  end
  out[#out + 1] = indent .. '}\n'
end

local function table_text(t)
  if next(t) == nil then return '{}\n' end
  local out = {}
  open(t, '', 1, out)
  return table.concat(out)
end

-- Torch7 ends a line of plain values with a tab. A script's output is read by other programs, which
-- do not expect it: so only at the prompt, and once a script asks for trepl.
local line_end = '\n'
function printing.end_with_tab() line_end = '\t\n' end

function printing.new(...)
  if level == 0 then return printing.old(...) end
  local count = select('#', ...)
  for i = 1, count do
    local value = select(i, ...)
    local kind = type(value)
    if kind == 'table' then
      local meta = getmetatable(value)
      local has_text = type(meta) == 'table' and meta.__tostring
      io.write(has_text and tostring(value) .. '\n' or table_text(value))
    elseif kind == 'userdata' or kind == 'cdata' then io.write(tostring(value), '\n')
    else io.write(tostring(value), i == count and line_end or '\t')
    end
  end
  if count == 0 then io.write(line_end) end
  io.flush()
end

function printing.setlevel(n)
  if type(n) ~= 'number' or n < 0 then error('setprintlevel expects a number from 0 on', 2) end
  level = n
end

return printing
