-- Draws of outcomes by their probabilities, against the definition of their streams.
local tester, tests = torch.Tester(), torch.TestSuite()
local here = debug.getinfo(1, 'S').source:match('^@(.*)/') or '.'
local twister = dofile(here .. '/support/twister.lua')
local floats = {'Float', 'Double'}
local function unit(word) return function() return word() / 2 ^ 32 end end

function tests.multinomial()
  for _, ty in ipairs(floats) do
    local p = torch[ty .. 'Tensor']{0.1, 0.4, 0, 0.2, 0.3, 0}
    torch.manualSeed(4)
    local u = unit(twister(4))
    local sums, total = {}, 0
    for k = 1, 6 do
      total = total + p[k]
      sums[k] = total
    end
    local r, good = torch.multinomial(p, 500, true), true
    for j = 1, 500 do
      local v, k = u(), 1
      while k < 6 and sums[k] / total < v do k = k + 1 end
      good = good and r[j] == k
    end
    tester:assert(good, ty)
    for _ = 1, 50 do
      tester:eq(torch.multinomial(p, 4, false):sort():totable(), {1, 2, 4, 5}, ty .. ': positive ones, once each')
    end
    local many = torch.LongTensor(3, 7):t()
    local rows = torch[ty .. 'Tensor']{{0, 1, 0}, {1, 0, 0}}:t():clone():t()
    torch.multinomial(rows, 5, true)
    p.multinomial(many, torch[ty .. 'Tensor'](1, 3):fill(1):expand(7, 3), 3)
    tester:eq(many:sort(2)[7]:totable(), {1, 2, 3}, ty .. ': strided result')
    tester:eq(torch.multinomial(rows, 3, true):totable(), {{2, 2, 2}, {1, 1, 1}}, ty)
    for _ = 1, 20 do -- draws beyond the positive ones are arbitrary, but positions
      local all = torch.multinomial(torch[ty .. 'Tensor']{1, 0, 2, 0}, 4)
      tester:assert(all:min() >= 1 and all:max() <= 4)
    end
  end
end

function tests.alias()
  for _, ty in ipairs(floats) do
    local p = torch[ty .. 'Tensor'](50):uniform()
    p[1], p[7] = 0, 0 -- outcome 1 is nobody's alias: an alias of 1 means none
    p:div(p:sum())
    local state = torch.multinomialAliasSetup(p)
    local mass = torch.zeros(50) -- what the table gives each outcome
    for k = 1, 50 do
      mass[k] = mass[k] + state[2][k] / 50
      local other = state[1][k]
      if other >= 1 then mass[other] = mass[other] + (1 - state[2][k]) / 50 end
    end
    tester:assert((mass - p:double()):abs():max() < 1e-5, ty)
    local before = state[1]:clone()
    local out = torch.LongTensor(200, 100):t()
    tester:assert(torch.multinomialAlias(out, state) == out)
    tester:assert(out:min() >= 1 and out:max() <= 50 and out:ne(7):all() and out:ne(1):all(), ty)
    tester:assert(state[1]:equal(before), 'the state stays')
  end
  tester:assertErrorPattern(function() torch.multinomialAlias(torch.LongTensor(2), {}) end, 'table of multinomialAliasSetup')
  tester:assertErrorPattern(function() torch.multinomialAlias(torch.LongTensor(2), {torch.LongTensor(3), torch.Tensor(2)}) end,
                            'the state that multinomialAliasSetup made')
  tester:assertErrorPattern(function() torch.multinomialAliasSetup(torch.ones(2, 2)) end, 'a vector of probabilities expected')
end

function tests.wrongCalls()
  local function message(f, text) tester:assertErrorPattern(f, text) end
  message(function() torch.multinomial(torch.Tensor(), 1) end, '1 or 2 dim')
  message(function() torch.multinomial(torch.ones(3), 0 / 0, true) end, 'n_sample < 0')
  message(function() torch.multinomial(torch.Tensor{1, 0 / 0}, 1) end, 'sum of probabilities <= 0')
  message(function() torch.multinomial(torch.ones(3), 1e17, true) end, 'cannot allocate')
end

tester:add(tests)
tester:run()
