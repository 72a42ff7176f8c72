-- Matrix products of every type against plain loops, over layouts of operands and results, sizes around
-- the width of vectors, and results that are operands.
local tester, tests = torch.Tester(), torch.TestSuite()
local types = { 'Byte', 'Char', 'Short', 'Int', 'Long', 'Float', 'Double' }

local seed = 1
local function draw(ty, ...)
   local x = torch[ty .. 'Tensor'](...)
   return x:apply(function()
      seed = (seed * 16807) % 2147483647
      local v = seed % 7
      return (ty == 'Float' or ty == 'Double') and v / 2 - 1.5 or v
   end)
end

local layouts = {
   plain = function(m) return m:clone() end,
   transposed = function(m) return m:t():clone():t() end,
   strided = function(m)
      local b = m.new(m:size(1), m:size(2), 2):fill(9)
      return b:select(3, 2):copy(m)
   end,
   narrowed = function(m)
      local b = m.new(m:size(1) + 2, m:size(2) + 3):fill(9)
      return b:narrow(1, 2, m:size(1)):narrow(2, 3, m:size(2)):copy(m)
   end,
}
local strided = function(v)
   local b = v.new(v:size(1), 3):fill(9)
   return b:select(2, 2):copy(v)
end

-- beta * t + alpha * a * b
local function reference(a, b, beta, t, alpha)
   local out = a.new(a:size(1), b:size(2))
   for i = 1, a:size(1) do
      for j = 1, b:size(2) do
         local sum = 0
         for k = 1, a:size(2) do sum = sum + a[i][k] * b[k][j] end
         out[i][j] = (alpha or 1) * sum + (t and beta * t[i][j] or 0)
      end
   end
   return out
end

local function same(got, want, what)
   local worst = 0
   tester:eq(got:size(), want:size(), what)
   local g, w = got:contiguous():view(-1), want:contiguous():view(-1)
   for k = 1, w:size(1) do worst = math.max(worst, math.abs(g[k] - w[k]) / (1 + math.abs(w[k]))) end
   tester:assertle(worst, torch.type(want) == 'torch.FloatTensor' and 1e-5 or 1e-12, what)
end

local sizes = { { 1, 1, 1 }, { 2, 3, 4 }, { 7, 5, 1 }, { 1, 9, 6 }, { 5, 17, 33 }, { 16, 8, 40 } }

for _, ty in ipairs(types) do
   tests['products' .. ty] = function()
      for _, s in ipairs(sizes) do
         local a, b, m = draw(ty, s[1], s[2]), draw(ty, s[2], s[3]), draw(ty, s[1], s[3])
         local product, sum = reference(a, b), reference(a, b, 2, m, 3)
         for na, la in pairs(layouts) do
            for nb, lb in pairs(layouts) do
               local what = ('%s %dx%dx%d %s %s'):format(ty, s[1], s[2], s[3], na, nb)
               same(torch.mm(la(a), lb(b)), product, 'mm ' .. what)
               local r = lb(m)
               same(r:mm(la(a), b), product, 'mm into ' .. what)
               same(torch.addmm(2, m, 3, la(a), lb(b)), sum, 'addmm ' .. what)
               same(la(m):addmm(2, 3, a, lb(b)), sum, 'addmm method ' .. what)
            end
            local x = b:select(2, 1)
            local column = reference(a, x:clone():view(-1, 1))
            same(torch.mv(la(a), x):view(-1, 1), column, 'mv ' .. ty .. na)
            same(torch.mv(la(a), strided(x)):view(-1, 1), column, 'mv strided ' .. ty .. na)
            local y = strided(m:select(2, 1))
            local want = reference(a, x:clone():view(-1, 1), 2, m:narrow(2, 1, 1), 3)
            same(y:addmv(2, 3, la(a), x):contiguous():view(-1, 1), want, 'addmv ' .. ty .. na)
         end
      end
   end

   tests['outer' .. ty] = function()
      for _, s in ipairs(sizes) do
         local x, y, m = draw(ty, s[1]), draw(ty, s[3]), draw(ty, s[1], s[3])
         local column, row = x:view(-1, 1), y:view(1, -1)
         same(torch.ger(x, y), reference(column, row), 'ger ' .. ty)
         same(torch.ger(strided(x), strided(y)), reference(column, row), 'ger strided ' .. ty)
         for name, layout in pairs(layouts) do
            same(layout(m):addr(2, 3, x, strided(y)), reference(column, row, 2, m, 3), 'addr ' .. ty .. name)
         end
      end
   end

   tests['batches' .. ty] = function()
      for _, s in ipairs(sizes) do
         local a, b, m = draw(ty, 3, s[1], s[2]), draw(ty, 3, s[2], s[3]), draw(ty, 3, s[1], s[3])
         local want, total = m:clone(), m[1].new():resizeAs(m[1]):zero()
         for p = 1, 3 do
            want[p]:copy(reference(a[p], b[p], 2, m[p], 3))
            total = reference(a[p], b[p], 1, total)
         end
         local bt = b:transpose(2, 3):clone():transpose(2, 3)
         same(torch.baddbmm(2, m, 3, a, bt), want, 'baddbmm ' .. ty)
         same(torch.bmm(a, bt)[3], reference(a[3], b[3]), 'bmm ' .. ty)
         same(torch.addbmm(0, m[1], 1, a, b), total, 'addbmm ' .. ty)
         local shared = a:narrow(1, 1, 1):expand(3, s[1], s[2]) -- one matrix, three times
         same(torch.bmm(shared, b)[2], reference(a[1], b[2]), 'bmm expanded ' .. ty)
      end
   end
end

function tests.sizesAroundVectors()
   for _, ty in ipairs{ 'Float', 'Double' } do
      for _, n in ipairs{ 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 48, 65 } do
         local a, b = draw(ty, 6, 11), draw(ty, 11, n)
         local want = reference(a, b)
         same(torch.mm(a, b), want, ty .. n)
         same(torch.mm(a, b:t():clone():t()), want, ty .. n)
         same(torch.mm(b:t(), a:t()), want:t(), ty .. n)
      end
   end
end

function tests.largeMatricesBySmallOnes()
   for _, ty in ipairs{ 'Float', 'Double' } do
      local a, b = draw(ty, 150, 300), draw(ty, 300, 170)
      local want = torch[ty .. 'Tensor'](150, 170):zero()
      for k = 1, 300, 10 do want:addmm(a:narrow(2, k, 10), b:narrow(1, k, 10)) end
      for _, la in pairs(layouts) do
         for _, lb in pairs(layouts) do same(torch.mm(la(a), lb(b)), want, ty) end
      end
   end
end

function tests.resultsThatAreOperands()
   local a, b = draw('Double', 4, 4), draw('Double', 4, 4)
   local want = reference(a, b)
   same(a:clone():mm(a, b), want)
   local x = a:clone()
   same(torch.mm(x, x, b), want, 'left')
   x = b:clone()
   same(torch.mm(x, a, x), want, 'right')
   x = a:clone()
   same(torch.mm(x, x:t(), x), reference(a:t(), a), 'both')
   x = a:clone()
   same(torch.addmm(x, 2, b, 3, x, x), reference(a, a, 2, b, 3), 'addmm')
   local line = draw('Double', 8)
   local copy = line:clone()
   line:narrow(1, 3, 4):mv(a, line:narrow(1, 1, 4)) -- overlapping halves
   same(line:narrow(1, 3, 4):clone():view(-1, 1), reference(a, copy:narrow(1, 1, 4):clone():view(-1, 1)), 'overlap')
end

function tests.expandedOperands()
   local row = torch.Tensor{ 1, 2, 3 }:view(1, 3):expand(5, 3)
   same(torch.mm(row, row:t()), torch.Tensor(5, 5):fill(14))
   same(torch.mv(row, torch.Tensor{ 2 }:expand(3)):view(-1, 1), torch.Tensor(5, 1):fill(12))
   same(torch.addmm(torch.Tensor{ 1 }:view(1, 1):expand(5, 5), row, row:t()), torch.Tensor(5, 5):fill(15))
end

function tests.betaZeroForgetsOldElements()
   local nan = 0 / 0
   local a = torch.ones(3, 3)
   same(torch.Tensor(3, 3):fill(nan):addmm(0, 1, a, a), torch.Tensor(3, 3):fill(3))
   same(torch.Tensor(3):fill(nan):addmv(0, 1, a, torch.ones(3)), torch.Tensor(3):fill(3))
   same(torch.Tensor(3, 3):fill(nan):addr(0, 1, torch.ones(3), torch.ones(3)), a)
end

function tests.integersWrap()
   local a = torch.ByteTensor{ { 200, 100 } }
   tester:eq(torch.mm(a, a:t())[1][1], (200 * 200 + 100 * 100) % 256)
   local l = torch.LongTensor{ { 3000000000 } }
   tester:eq(torch.mm(l, l)[1][1], 9000000000000000000)
end

function tests.wrongSizes()
   local T = torch.Tensor
   local function raises(text, f, ...)
      local ok, message = pcall(f, ...)
      tester:assert(not ok and message:find(text, 1, true) ~= nil, tostring(message))
   end
   raises('size mismatch, m1: [2 x 3], m2: [2 x 3]', torch.mm, T(2, 3), T(2, 3))
   raises('size mismatch, [2 x 3], [2]', torch.mv, T(2, 3), T(2))
   raises('size mismatch, t: [2 x 2], vec1: [3], vec2: [2]', torch.addr, T(2, 2), T(3), T(2))
   raises('equal number of batches expected, got 2, 3', torch.bmm, T(2, 3, 4), T(3, 4, 4))
   raises('wrong matrix size, batch1: 3x4, batch2: 3x4', torch.bmm, T(2, 3, 4), T(2, 3, 4))
   raises('matrix expected, got 0D tensor for t', T().mm, T(), T(2, 2), T(2, 2))
   raises('matrix expected, got 1D tensor for t', torch.mm, T(4), T(2, 2), T(2, 2))
end

function tests.einsum()
   local a, b, c = draw('Double', 3, 4), draw('Double', 4, 5), draw('Double', 2, 3, 4)
   same(torch.einsum('ij,jk->ik', a, b), reference(a, b))
   same(torch.einsum('ij,jk->ki', a, b), reference(a, b):t())
   same(torch.einsum('ij,jk', a, b), reference(a, b), 'implied')
   same(torch.einsum('ba', a), a:t(), 'implied transposed')
   local square = reference(a, a:t())
   tester:assertalmosteq(torch.einsum('ii', square), square[1][1] + square[2][2] + square[3][3], 1e-9)
   tester:assertalmosteq(torch.einsum('ij,ij->', a, a), torch.dot(a, a), 1e-9)
   tester:eq(torch.einsum('ii->i', square):totable(), { square[1][1], square[2][2], square[3][3] })
   same(torch.einsum('bij,jk->bik', c, b)[2], reference(c[2], b))
   same(torch.einsum('bij,bkj->bik', c, c)[1], reference(c[1], c[1]:t()))
   same(torch.einsum('bij->ji', c), (c[1] + c[2]):t())
   same(torch.einsum('ij,jk,lk->il', a, b, draw('Double', 6, 5):fill(1)):narrow(2, 6, 1), reference(reference(a, b), torch.ones(5, 1)))
   same(torch.einsum('i,j->ij', a:select(2, 1), b[1]), torch.ger(a:select(2, 1), b[1]))
   same(torch.einsum('ij,k->i', a, b[1]):view(-1, 1), a:sum(2) * b[1]:sum())
   tester:assertErrorPattern(function() torch.einsum('ij,jk->ik', a, a) end, "label 'j' is 4 in operand 1 and 3 in operand 2")
   tester:assertErrorPattern(function() torch.einsum('ij->k', a) end, "no operand has the label 'k'")
   tester:assertErrorPattern(function() torch.einsum('ijk->i', a) end, "operand 1 has 2 dimensions")
end

tester:add(tests)
tester:run()
