-- Deep comparison for torch.Tester. compare(a, b, tolerance, negate) gives true, or false and the reason.
-- With negate the question is whether the values differ.
local compare

local function tensorGap(a, b) -- largest difference of two tensors of equal element counts
  if a:nElement() == 0 then return 0 end
  local difference = a:double():contiguous():view(-1) - b:double():contiguous():view(-1)
  return difference:abs():max()
end

local function gapVerdict(kind, gap, tolerance, negate)
  local same = gap <= tolerance
  if negate then
    return not same, string.format('%sNE(==) violation: max diff=%s, tolerance=%s', kind, gap, tolerance)
  end
  return same, string.format('%sEQ(==) violation: max diff=%s, tolerance=%s', kind, gap, tolerance)
end

local function tensors(a, b, tolerance, negate)
  if a:dim() ~= b:dim() then return negate, 'The tensors have different dimensions' end
  if a:type() ~= b:type() then return negate, 'The tensors have different types' end
  if not a:isSameSizeAs(b) then return negate, 'The tensors have different sizes' end
  return gapVerdict('Tensor', tensorGap(a, b), tolerance, negate)
end

local function storages(a, b, tolerance, negate)
  if a:size() ~= b:size() then return negate, 'The storages have different sizes' end
  if torch.typename(a) ~= torch.typename(b) then return negate, 'The storages have different types' end
  local gap, x, y = 0, a:totable(), b:totable()
  for i = 1, #x do
    local d = math.abs(x[i] - y[i])
    if d > gap or d ~= d then gap = d end
  end
  return gapVerdict('Storage', gap, tolerance, negate)
end

local function numbers(a, b, tolerance, negate)
  local suffix = tolerance > 0 and ' with tolerance=' .. tolerance or ''
  local same = a == b or math.abs(a - b) <= tolerance
  if negate then return not same, string.format('NE failed: %s == %s%s', a, b, suffix) end
  return same, string.format('EQ failed: %s ~= %s%s', a, b, suffix)
end

local function others(a, b, negate)
  local form = negate and 'NE failed: %s (%s) == %s (%s)' or 'EQ failed: %s (%s) ~= %s (%s)'
  return (a == b) ~= negate, string.format(form, tostring(a), type(a), tostring(b), type(b))
end

local function firstDifference(a, b, tolerance, path) -- nil when the tables agree
  local function place(key) return path == '' and tostring(key) or path .. '.' .. tostring(key) end
  local function missing(key, which, value, other)
    local text = string.format('Entry %s missing in %s table (is %s in %s)', tostring(key), which, tostring(value), other)
    return path == '' and text or string.format('At table location %s: %s', path, text)
  end
  for key, value in pairs(a) do
    local other = b[key]
    if other == nil then return missing(key, 'second', value, 'first') end
    if type(value) == 'table' and type(other) == 'table' then
      local reason = firstDifference(value, other, tolerance, place(key))
      if reason then return reason end
    else
      local same, reason = compare(value, other, tolerance, false)
      if not same then return string.format('At table location %s: %s', place(key), reason) end
    end
  end
  for key, value in pairs(b) do
    if a[key] == nil then return missing(key, 'first', value, 'second') end
  end
end

local function tables(a, b, tolerance, negate)
  local reason = firstDifference(a, b, tolerance, '')
  if negate then return reason ~= nil, 'The tables are equal' end
  return reason == nil, reason
end

function compare(a, b, tolerance, negate)
  if torch.isTensor(a) and torch.isTensor(b) then return tensors(a, b, tolerance, negate) end
  if torch.isStorage(a) and torch.isStorage(b) then return storages(a, b, tolerance, negate) end
  local first, second = torch.type(a), torch.type(b)
  if first ~= second then
    return negate, string.format('%s failed: values have different types (first: %s, second: %s)',
      negate and 'NE' or 'EQ', first, second)
  end
  if type(a) == 'number' then return numbers(a, b, tolerance, negate) end
  if type(a) == 'table' then return tables(a, b, tolerance, negate) end
  return others(a, b, negate)
end

return { compare = compare, tables = tables, tensorGap = tensorGap, gapVerdict = gapVerdict }
