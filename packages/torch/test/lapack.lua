-- Linear algebra: factors multiply back to what they came from, for every layout of the input, and
-- inputs stay as they are.
local tester, tests = torch.Tester(), torch.TestSuite()

local seed = 5
local function draw(ty, ...)
   return torch[ty .. 'Tensor'](...):apply(function()
      seed = (seed * 16807) % 2147483647
      return seed / 2147483647 - 0.5
   end)
end
local function eye(ty, n)
   local out = torch[ty .. 'Tensor'](n, n):zero()
   for k = 1, n do out[k][k] = 1 end
   return out
end
local function diagonal(v)
   local out = v.new(v:size(1), v:size(1)):zero()
   for k = 1, v:size(1) do out[k][k] = v[k] end
   return out
end
local function triangle(a, uplo, unit)
   local out = a.new(a:size()):copy(a)
   for i = 1, a:size(1) do
      for j = 1, a:size(2) do
         if uplo == 'U' and i > j or uplo == 'L' and i < j then out[i][j] = 0 end
         if unit and i == j then out[i][j] = 1 end
      end
   end
   return out
end

local layouts = {
   plain = function(m) return m:clone() end,
   transposed = function(m) return m:t():clone():t() end,
   strided = function(m) return m.new(m:size(1), m:size(2), 2):fill(9):select(3, 2):copy(m) end,
}

for _, ty in ipairs{ 'Double', 'Float' } do
   local tolerance = ty == 'Double' and 1e-10 or 2e-4
   local T = torch[ty .. 'Tensor']
   local function same(got, want, what)
      tester:eq(got:size():totable(), want:size():totable(), what)
      tester:assertle((got - want):abs():max(), tolerance, what)
   end
   -- f(matrix in some layout, what) for sizes and layouts; the matrix must survive.
   local function each(sizes, f)
      for _, s in ipairs(sizes) do
         local m = draw(ty, s[1], s[2])
         for name, layout in pairs(layouts) do
            local a = layout(m)
            f(a, m, ('%dx%d %s'):format(s[1], s[2], name))
            tester:eq((a - m):abs():max(), 0, 'input changed')
         end
      end
   end
   local square, any = { { 1, 1 }, { 3, 3 }, { 20, 20 } },
      { { 1, 1 }, { 4, 4 }, { 9, 4 }, { 4, 9 }, { 1, 5 }, { 30, 12 }, { 70, 100 }, { 150, 70 } }

   tests['solve' .. ty] = function()
      each(square, function(a, m, what)
         local n = m:size(1)
         a:add(diagonal(T(n):fill(n))) -- well conditioned
         m:copy(a)
         local x = draw(ty, n, 2)
         local b = torch.mm(m, x)
         local got, lu = torch.gesv(b, a)
         same(got, x, 'gesv ' .. what)
         same((torch.gels(b, a)), x, 'gels ' .. what)
         same(torch.inverse(a) * m, eye(ty, n), 'inverse ' .. what)
         local rx, rlu = T(n, 2):fill(7), T()
         torch.gesv(rx, rlu, b, a)
         same(rx, x, 'gesv results ' .. what)
         same(rlu, lu, 'gesv lu ' .. what)
         local inside = a:clone()
         torch.inverse(inside, inside)
         same(inside * m, eye(ty, n), 'inverse in place ' .. what)
      end)
   end

   tests['triangles' .. ty] = function()
      each(square, function(a, m, what)
         local n = m:size(1)
         a:add(diagonal(T(n):fill(n)))
         m:copy(a)
         local x = draw(ty, n, 3)
         for _, uplo in ipairs{ 'U', 'L' } do
            for _, trans in ipairs{ 'N', 'T' } do
               for _, diag in ipairs{ 'N', 'U' } do
                  local t = triangle(m, uplo, diag == 'U')
                  if diag == 'U' then -- keep it well conditioned
                     t:add(-1, eye(ty, n)):mul(0.05):add(eye(ty, n))
                  end
                  local b = torch.mm(trans == 'T' and t:t() or t, x)
                  same((torch.trtrs(b, t, uplo, trans, diag)), x, 'trtrs ' .. uplo .. trans .. diag .. what)
               end
            end
         end
      end)
   end

   tests['positive' .. ty] = function()
      each(square, function(a, m, what)
         local n = m:size(1)
         local p = torch.mm(a, a:t()):add(eye(ty, n))
         for _, layout in pairs(layouts) do
            local q = layout(p)
            for _, uplo in ipairs{ 'U', 'L' } do
               local c = torch.potrf(q, uplo)
               same(uplo == 'U' and c:t() * c or c * c:t(), p, 'potrf ' .. uplo .. what)
               same(triangle(c, uplo), c, 'potrf triangle ' .. uplo .. what)
               local b = draw(ty, n, 2)
               same(p * torch.potrs(b, layout(c), uplo), b, 'potrs ' .. uplo .. what)
               same(p * torch.potri(layout(c), uplo), eye(ty, n), 'potri ' .. uplo .. what)
               local f, order = torch.pstrf(q, uplo)
               local back = uplo == 'U' and f:t() * f or f * f:t()
               local want = p.new(n, n)
               for i = 1, n do
                  for j = 1, n do want[i][j] = p[order[i]][order[j]] end
               end
               same(back, want, 'pstrf ' .. uplo .. what)
            end
         end
      end)
   end

   tests['eigen' .. ty] = function()
      each(square, function(a, m, what)
         local s = (m + m:t()) / 2
         for _, layout in pairs(layouts) do
            local e, v = torch.symeig(layout(s), 'V')
            same(v * diagonal(e) * v:t(), s, 'symeig ' .. what)
            same((torch.symeig(triangle(layout(s), 'L'), 'N', 'L')), e, 'symeig lower ' .. what)
            for k = 2, e:size(1) do tester:assertle(e[k - 1], e[k]) end
         end
         local e, v = torch.eig(a, 'V')
         for k = 1, e:size(1) do
            if e[k][2] == 0 then
               same(torch.mv(m, v:select(2, k)):view(-1, 1), (v:select(2, k) * e[k][1]):view(-1, 1), 'eig ' .. what)
            end
         end
         local trace = 0
         for k = 1, m:size(1) do trace = trace + m[k][k] end
         tester:assertle(math.abs(e:select(2, 1):sum() - trace), tolerance * 10, 'trace ' .. what)
      end)
   end

   tests['svd' .. ty] = function()
      each(any, function(a, m, what)
         local u, s, v = torch.svd(a)
         same(u * diagonal(s) * v:t(), m, 'svd ' .. what)
         for k = 2, s:size(1) do tester:assertge(s[k - 1], s[k]) end
         u, s, v = torch.svd(a, 'A')
         same(u:t() * u, eye(ty, m:size(1)), 'svd A ' .. what)
         same(v:t() * v, eye(ty, m:size(2)), 'svd A ' .. what)
         local k = s:size(1)
         same(u:narrow(2, 1, k) * diagonal(s) * v:narrow(2, 1, k):t(), m, 'svd A ' .. what)
         local gu, gs, gv = T(2, 2), T(), T(7)
         torch.svd(gu, gs, gv, a)
         same(gu * diagonal(gs) * gv:t(), m, 'svd results ' .. what)
      end)
   end

   tests['qr' .. ty] = function()
      each(any, function(a, m, what)
         local k = math.min(m:size(1), m:size(2))
         local q, r = torch.qr(a)
         same(q * r, m, 'qr ' .. what)
         same(q:t() * q, eye(ty, k), 'q ' .. what)
         same(triangle(r, 'U'), r, 'r ' .. what)
         local f, tau = torch.geqrf(a)
         tester:eq(tau:size(1), k)
         same(torch.orgqr(f, tau):narrow(2, 1, k), q, 'orgqr ' .. what)
         local c = draw(ty, m:size(1), 2)
         same(torch.ormqr(f, tau, c, 'L', 'T'):narrow(1, 1, k), q:t() * c, 'ormqr ' .. what)
         same(torch.ormqr(f, tau, torch.ormqr(f, tau, c, 'L', 'T')), c, 'ormqr back ' .. what)
         same(torch.ormqr(f, tau, c:t(), 'R', 'N'):t():narrow(1, 1, k), q:t() * c, 'ormqr right ' .. what)
      end)
   end

   tests['leastSquares' .. ty] = function()
      for _, s in ipairs{ { 12, 4 }, { 200, 90 } } do
      local a, b = draw(ty, s[1], s[2]), draw(ty, s[1], 3)
      local x = torch.gels(b, a)
      same(a:t() * (a * x), a:t() * b, 'normal equations')
      local wide = a:t():clone()
      same(wide * (torch.gels(T(s[2], 1):fill(1), wide)), T(s[2], 1):fill(1), 'least norm')
      same(torch.gels(b:select(2, 1), a), x:narrow(2, 1, 1), 'vector')
      end
   end
end

local function raises(text, f, ...)
   local ok, message = pcall(f, ...)
   tester:assert(not ok and message:find(text, 1, true) ~= nil, tostring(message))
end

function tests.wrongInputs()
   local a, flat = torch.ones(2, 2), torch.ones(2, 3)
   raises('A should be square, but is 2x3', torch.gesv, torch.ones(2, 1), flat)
   raises('A,B size incompatible - A has 2 rows, B has 3 rows', torch.gesv, torch.ones(3, 1), a)
   raises('A should be square', torch.inverse, flat)
   raises('singular', torch.gesv, torch.ones(2, 1), a)
   raises('singular', torch.inverse, a)
   raises('not positive definite', torch.potrf, torch.Tensor{ { 1, 2 }, { 2, 1 } })
   raises('A should be 2 dimensional', torch.svd, torch.ones(3))
   raises('does not implement the torch.inverse() function', torch.inverse, torch.IntTensor(2, 2))
   raises('*DoubleTensor* *DoubleTensor* DoubleTensor DoubleTensor | DoubleTensor DoubleTensor', torch.gesv, a)
   tester:eq(a.inverse, nil)
end

-- LAPACK's own routines hang or crash on some of these.
function tests.notFinite()
   for _, ty in ipairs{ 'Float', 'Double' } do
      for trial = 1, 200 do
         local n = torch.random(5)
         local a = torch[ty .. 'Tensor'](n, n):normal()
         a:view(-1)[torch.random(n * n)] = ({ 0 / 0, 1 / 0, -1 / 0 })[trial % 3 + 1]
         raises('A holds a NaN or an infinity', torch.eig, a, 'V')
         raises('A holds a NaN or an infinity', torch.svd, a)
         for _, name in ipairs{ 'symeig', 'inverse', 'qr', 'potrf', 'pstrf', 'potri', 'geqrf' } do pcall(torch[name], a) end
         for _, name in ipairs{ 'gesv', 'gels', 'trtrs', 'potrs' } do pcall(torch[name], a, a) end
      end
   end
   tester:eq(torch.symeig(torch.Tensor{ { 1, 5 }, { 0 / 0, 1 } }, 'N', 'U'):totable(), { -4, 6 }, 1e-12)
end

tester:add(tests)
tester:run()
