-- MT19937 by its definition [Matsumoto and Nishimura 1998]: twister(seed) -> function that gives the next word.
local bxor, band, lshift, rshift = bit.bxor, bit.band, bit.lshift, bit.rshift
local function twister(seed)
  local state, at = {[0] = bit.tobit(seed)}, 624
  for j = 1, 623 do
    local before = bxor(state[j - 1], rshift(state[j - 1], 30)) % 2 ^ 32
    local low, high = before % 65536, math.floor(before / 65536) -- 32-bit product in doubles
    state[j] = bit.tobit((1812433253 * low % 2 ^ 32 + 1812433253 % 65536 * high % 65536 * 65536 + j) % 2 ^ 32)
  end
  return function()
    if at == 624 then
      for j = 0, 623 do
        local y = bit.bor(band(state[j], 0x80000000), band(state[(j + 1) % 624], 0x7fffffff))
        state[j] = bxor(state[(j + 397) % 624], rshift(y, 1), band(y, 1) == 1 and 0x9908b0df or 0)
      end
      at = 0
    end
    local y = state[at]
    at = at + 1
    y = bxor(y, rshift(y, 11))
    y = bxor(y, band(lshift(y, 7), 0x9d2c5680))
    y = bxor(y, band(lshift(y, 15), 0xefc60000))
    return bxor(y, rshift(y, 18)) % 2 ^ 32
  end
end

return twister
