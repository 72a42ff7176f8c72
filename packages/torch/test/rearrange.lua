-- cat, the functions that rearrange and products of matrices' vectors, against Lua's own loops.
local tester, tests = torch.Tester(), torch.TestSuite()
local here = debug.getinfo(1, 'S').source:match('^@(.*)/') or '.'
local support = dofile(here .. '/support/layouts.lua')
local types, draw, all_layouts = support.types, support.draw, support.all_layouts

function tests.cat()
  all_layouts(function(name, x, ty)
    for d = 1, 4 do
      local other = x:size()
      if d <= 3 then other[d] = 2 end
      local y = draw(ty, other[1], other[2], other[3])
      local r = torch.cat(x, y, d)
      local n = d <= 3 and x:size(d) or 1
      local first, second = r:narrow(d, 1, n), r:narrow(d, n + 1, d <= 3 and 2 or 1)
      if d == 4 then first, second = first:select(4, 1), second:select(4, 1) end
      tester:assert(first:equal(x) and second:equal(y), name .. ' dim ' .. d)
      local given = x.new(3)
      tester:assert(torch.cat(given, {x, x.new(), y}, d) == given and given:equal(r), name .. ' list')
    end
    local self = x:clone()
    torch.cat(self, self, self, 1)
    tester:assert(self:narrow(1, 1, 3):equal(x) and self:narrow(1, 4, 3):equal(x), name .. ' onto itself')
  end)
  local both = torch.range(1, 4)
  torch.cat(both, both:narrow(1, 3, 2), both:narrow(1, 1, 2))
  tester:eq(both:totable(), {3, 4, 1, 2})
end

function tests.rearrange()
  all_layouts(function(name, x)
    local flat = x:clone():view(-1)
    tester:assert(x:reshape(5, 12):view(-1):equal(flat), name)
    tester:assert(torch.reshape(x, torch.LongStorage{60}):equal(flat), name)
    local m = x[2]
    for k = -6, 6 do
      local lower, upper = torch.tril(m, k), m:triu(k)
      for i = 1, m:size(1) do
        for j = 1, m:size(2) do
          tester:assert(lower[i][j] == (j <= i + k and m[i][j] or 0) and upper[i][j] == (j >= i + k and m[i][j] or 0), name)
        end
      end
      local copy = m:clone()
      tester:assert(torch.tril(copy, copy, k):equal(lower), name .. ' in place')
      local list = {}
      for i = 1, m:size(1) do if i + k >= 1 and i + k <= m:size(2) then list[#list + 1] = m[i][i + k] end end
      tester:eq(torch.diag(m, k):totable(), list, name)
      local square = torch.diag(m[1], k)
      tester:eq(square:size(1), m:size(2) + math.abs(k), name)
      tester:assert(square:diag(k):equal(m[1]), name)
      tester:eq(square:ne(0):double():sum(), m[1]:ne(0):double():sum(), name)
    end
  end)
  for _, k in ipairs{-2 ^ 62, 2 ^ 62, 0 / 0} do
    local m = torch.ones(2, 3)
    tester:eq(m:tril(k):sum(), k > 0 and 6 or 0)
    tester:eq(m:triu(k):sum(), k > 0 and 0 or 6)
    tester:eq(m:diag(k):nElement(), 0)
    tester:assertErrorPattern(function() m[1]:diag(k) end, 'too large')
  end
end

function tests.repeatTensor()
  all_layouts(function(name, x)
    local r = x:repeatTensor(2, 1, 3, 2)
    tester:eq(r:size():totable(), {2, 3, 12, 10}, name)
    local good = true
    for a = 1, 2 do for i = 1, 3 do for j = 1, 12 do for k = 1, 10 do
      good = good and r[a][i][j][k] == x[i][(j - 1) % 4 + 1][(k - 1) % 5 + 1]
    end end end end
    tester:assert(good, name)
    local given = x.new(10, 12, 3, 2):transpose(1, 4):transpose(2, 3)
    tester:assert(given:repeatTensor(x, 2, 1, 3, 2):equal(r), name .. ' given')
  end)
  tester:eq(torch.Tensor():repeatTensor(2, 3):nElement(), 0)
  tester:assertErrorPattern(function() torch.ones(4):repeatTensor(2 ^ 62) end, 'too many')
end

function tests.squeeze()
  local x = torch.range(1, 6):view(1, 3, 1, 2)
  tester:eq(x:squeeze():size():totable(), {3, 2})
  tester:eq(x:squeeze(3):size():totable(), {1, 3, 2})
  tester:eq(x:squeeze(2):size():totable(), {1, 3, 1, 2})
  tester:eq(torch.squeeze(torch.IntTensor(1, 1):fill(4)), 4)
  tester:eq(torch.FloatTensor(1):fill(2):squeeze(1), 2)
  tester:eq(torch.Tensor(1, 1):fill(2):squeeze(2):totable(), {2})
  tester:eq(torch.Tensor():squeeze():dim(), 0)
  local r = torch.Tensor()
  tester:assert(torch.squeeze(r, x, 1) == r and r:storage() == x:storage())
end

function tests.products()
  for _, ty in ipairs(types) do
    local a, b = torch[ty .. 'Tensor']{{1, 2, 3}, {4, 5, 6}}, torch[ty .. 'Tensor']{{2, 0, 1}, {1, 1, 2}}
    if ty ~= 'Byte' then
      tester:eq(torch.cross(a, b):totable(), {{2, 5, -4}, {4, -2, -1}}, ty)
      tester:eq(torch.cross(a:t(), b:t():clone(), 1):totable(), {{2, 4}, {5, -2}, {-4, -1}}, ty)
      local copy = a:clone()
      tester:assert(copy:cross(copy, b):equal(torch.cross(a, b)), ty)
    end
    tester:eq(torch.match(a, b):totable(), {{9, 2}, {54, 41}}, ty)
    tester:eq(a.new():match(a, b, 2):totable(), {{18, 4}, {108, 82}}, ty)
  end
end

function tests.wrongCalls()
  local x = torch.Tensor(3, 4):fill(1)
  local function message(f, text) tester:assertErrorPattern(f, text) end
  for _, d in ipairs{0, 3, -1, 2 ^ 40, 0 / 0, 1 / 0} do
    message(function() torch.cat(x, x, d == 3 and 65 or d) end, 'invalid dimension')
    message(function() torch.cross(x, x, d == 0 and 5 or d) end, 'out of range')
  end
  message(function() torch.cat(torch.ones(1):expand(2 ^ 62), torch.ones(1):expand(2 ^ 62)) end, 'too large')
  message(function() x:reshape(5) end, 'do not hold')
  message(function() torch.cat(x, torch.Tensor(2, 5), 1) end, 'inconsistent tensor sizes')
  message(function() torch.tril(x[1]) end, 'expected a matrix')
  message(function() torch.diag(torch.Tensor(2, 2, 2)) end, 'matrix or a vector expected')
  message(function() torch.cross(x:narrow(1, 1, 2), x:narrow(1, 1, 2)) end, 'no dimension of size 3 in a: %[2 x 4%]')
  message(function() torch.cross(x, x, 2) end, 'dimension 2 does not have size 3')
  message(function() torch.match(x, torch.Tensor(2, 5)) end, 'same inner vector dim')
  message(function() torch.match(x, torch.Tensor()) end, 'empty tensor')
end

tester:add(tests)
tester:run()
