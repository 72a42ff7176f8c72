-- The text of tensors and storages. One format fits all elements, chosen from the largest and smallest magnitude.
local print = {}

local floor, ceil, log10, abs, huge = math.floor, math.ceil, math.log10, math.abs, math.huge
local format, rep, concat, unpack = string.format, string.rep, table.concat, unpack

local lineWidth = 80

-- Folds the numbers of a nested table into {smallest, largest magnitude, all whole, any NaN}.
local function scan(values, depth, lo, hi, whole, nan)
  if depth > 1 then
    for i = 1, #values do lo, hi, whole, nan = scan(values[i], depth - 1, lo, hi, whole, nan) end
    return lo, hi, whole, nan
  end
  for i = 1, #values do
    local v = values[i]
    if v ~= v then nan = true end
    if v ~= ceil(v) then whole = false end
    v = abs(v)
    if v < lo then lo = v end
    if v > hi then hi = v end
  end
  return lo, hi, whole, nan
end

local function exponent(magnitude) return magnitude == 0 and 1 or floor(log10(magnitude)) + 1 end

-- -> printf format, its width (nil: as wide as the number needs), scale (nil: 1)
local function choose(values, depth)
  local lo, hi, whole, nan = scan(values, depth, huge, 0, true, false)
  if nan then return '%f' end
  local least, most = exponent(lo), exponent(hi)
  if whole then
    if most > 9 then return '%11.4e', 11 end
    return '%' .. most + 1 .. 'd', most + 1
  end
  if most - least > 4 then
    local width = (abs(most) > 99 or abs(least) > 99) and 12 or 11
    return '%' .. width .. '.4e', width
  end
  if most > 5 or most < 0 then return '%7.4f', 7, 10 ^ (most - 1) end
  local width = most == 0 and 7 or most + 6
  return '%' .. width .. '.4f', width
end

local function rescale(values, depth, scale)
  for i = 1, #values do
    if depth > 1 then rescale(values[i], depth - 1, scale) else values[i] = values[i] / scale end
  end
end

-- How a set of numbers is written: format, columns a block, the line that names the scale.
local function layout(values, depth, indent)
  local fmt, width, scale = choose(values, depth)
  if scale then rescale(values, depth, scale) end
  return {
    fmt = fmt,
    indent = rep(' ', indent),
    columns = width and floor((lineWidth - indent) / (width + 1)) or huge,
    heading = scale and format('%g *\n', scale),
  }
end

local function appendList(out, values)
  local how = layout(values, 1, 0)
  out[#out + 1] = how.heading
  local n, batch, k = #values, 100, #out
  local line = how.fmt .. '\n'
  local lines = rep(line, batch)
  for i = 1, n, batch do
    k = k + 1
    if i + batch - 1 <= n then out[k] = format(lines, unpack(values, i, i + batch - 1))
    else out[k] = format(rep(line, n - i + 1), unpack(values, i, n)) end
  end
end

local function appendMatrix(out, rows, how)
  local columns, k = #rows[1], #out
  local perBlock = how.columns < columns and how.columns or columns
  local margin = how.indent .. (how.heading and ' ' or '')
  for first = 1, columns, perBlock do
    local last = first + perBlock - 1
    if last > columns then last = columns end
    if perBlock < columns then
      k = k + 1
      out[k] = format('%s%sColumns %d to %d\n', first > 1 and '\n' or '', first == 1 and how.indent or '', first, last)
    end
    if how.heading then
      k = k + 1
      out[k] = how.indent .. how.heading
    end
    if last - first < 250 then -- one call a row; unpack has its limits
      local line = margin .. rep(how.fmt .. ' ', last - first) .. how.fmt .. '\n'
      for i = 1, #rows do out[k + i] = format(line, unpack(rows[i], first, last)) end
    else
      for i = 1, #rows do
        local cells = {}
        for j = first, last do cells[j - first + 1] = format(how.fmt, rows[i][j]) end
        out[k + i] = margin .. concat(cells, ' ') .. '\n'
      end
    end
    k = k + #rows
  end
end

-- Every matrix of a tensor of three or more dimensions, the first index moving fastest.
local function appendMatrices(out, values, size)
  local leading = #size - 2
  local how = layout(values, #size, 1)
  local index = {}
  for k = 1, leading do index[k] = 1 end
  local d
  repeat
    local rows = values
    for k = 1, leading do rows = rows[index[k]] end
    out[#out + 1] = (#out > 0 and '\n(' or '(') .. concat(index, ',') .. ',.,.) = \n'
    appendMatrix(out, rows, how)
    d = 1
    while d <= leading and index[d] == size[d] do
      index[d] = 1
      d = d + 1
    end
    if d <= leading then index[d] = index[d] + 1 end
  until d > leading
end

function print.storage(storage)
  local out, n = {}, storage:size()
  if n > 0 then appendList(out, storage:totable()) end
  out[#out + 1] = format('[%s of size %d]\n', torch.typename(storage), n)
  return concat(out)
end

function print.tensor(tensor)
  local name = torch.typename(tensor)
  local dims = tensor:dim()
  if dims == 0 then return format('[%s with no dimension]\n', name) end
  local out, values, size = {}, tensor:totable(), {}
  for d = 1, dims do size[d] = tensor:size(d) end
  if dims == 1 then appendList(out, values)
  elseif dims == 2 then appendMatrix(out, values, layout(values, 2, 0))
  else appendMatrices(out, values, size) end
  out[#out + 1] = format('[%s of size %s]\n', name, concat(size, 'x'))
  return concat(out)
end

-- Gives every storage and tensor class named its __tostring__.
function print.install(names)
  for _, name in ipairs(names) do
    torch.getmetatable(name).__tostring__ = name:find('Storage$') and print.storage or print.tensor
  end
end

return print
