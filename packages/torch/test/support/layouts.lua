-- Tensors of numbers that are the same in every run, in all layouts.
local types = {'Byte', 'Char', 'Short', 'Int', 'Long', 'Float', 'Double'}

local seed = 11
local function random(n)
  seed = (seed * 16807) % 2147483647
  return seed % n
end
local function draw(ty, ...) return torch[ty .. 'Tensor'](...):apply(function() return random(100) end) end

local function layouts(make, a, b, c)
  return {
    contiguous = make(a, b, c),
    transposed = make(c, b, a):transpose(1, 3),
    permuted = make(b, a, c):transpose(1, 2),
    narrowed = make(a + 1, b + 2, c + 3):narrow(1, 2, a):narrow(2, 2, b):narrow(3, 3, c),
    skipping = make(a, b, 2 * c):unfold(3, 1, 2):select(4, 1),
  }
end
local function all_layouts(check, a, b, c)
  for _, ty in ipairs(types) do
    local function make(...) return draw(ty, ...) end
    for name, x in pairs(layouts(make, a or 3, b or 4, c or 5)) do check(ty .. ' ' .. name, x, ty) end
    check(ty .. ' expanded', draw(ty, 3, 1, 5):expand(3, 4, 5), ty, true)
  end
end

return {types = types, random = random, draw = draw, layouts = layouts, all_layouts = all_layouts}
