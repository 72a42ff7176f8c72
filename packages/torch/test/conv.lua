-- conv2, xcorr2, conv3, xcorr3 against their definition.
local tester, tests = torch.Tester(), torch.TestSuite()

local seed = 3
local function draw(ty, ...)
   return torch[ty .. 'Tensor'](...):apply(function()
      seed = (seed * 16807) % 2147483647
      return seed % 5
   end)
end

-- One plane: x and k are 3D here.
local function plane(x, k, turn, mode)
   local function offset(d) return mode == 'F' and k:size(d) - 1 or 0 end
   local out = x.new(x:size(1) - k:size(1) + 1 + 2 * offset(1), x:size(2) - k:size(2) + 1 + 2 * offset(2),
                     x:size(3) - k:size(3) + 1 + 2 * offset(3)):zero()
   for z = 1, out:size(1) do for y = 1, out:size(2) do for c = 1, out:size(3) do
      local sum = 0
      for l = 1, k:size(1) do for i = 1, k:size(2) do for j = 1, k:size(3) do
         local pz, py, px = z + l - 1 - offset(1), y + i - 1 - offset(2), c + j - 1 - offset(3)
         if pz >= 1 and pz <= x:size(1) and py >= 1 and py <= x:size(2) and px >= 1 and px <= x:size(3) then
            local w = turn and k[k:size(1) - l + 1][k:size(2) - i + 1][k:size(3) - j + 1] or k[l][i][j]
            sum = sum + w * x[pz][py][px]
         end
      end end end
      out[z][y][c] = sum
   end end end
   return out
end

for _, ty in ipairs{ 'Byte', 'Char', 'Short', 'Int', 'Long', 'Float', 'Double' } do
   tests['planes' .. ty] = function()
      for _, mode in ipairs{ 'V', 'F' } do
         for _, turn in ipairs{ true, false } do
            local name = turn and 'conv' or 'xcorr'
            local x, k = draw(ty, 2, 4, 30), draw(ty, 2, 3, 5)
            local volume = torch[name .. '3'](x, k, mode)
            tester:eq(volume:totable(), plane(x, k, turn, mode):totable(), ty .. name .. mode)
            local flat = torch[name .. '2'](x[1], k[1], mode)
            local want = plane(x:narrow(1, 1, 1), k:narrow(1, 1, 1), turn, mode)[1]
            tester:eq(flat:totable(), want:totable(), ty .. name .. mode)
            tester:eq(torch[name .. '2'](x, k, mode)[1]:totable(), want:totable(), ty .. name .. mode)
            local bank = k:view(1, 2, 3, 5):expand(4, 2, 3, 5)
            want:add(plane(x:narrow(1, 2, 1), k:narrow(1, 2, 1), turn, mode)[1])
            local summed = torch[name .. '2'](x, bank, mode)
            tester:eq(summed:size(1), 4)
            tester:eq(summed[4]:totable(), want:totable(), ty .. name .. mode)
            tester:eq(torch[name .. '2'](x:transpose(2, 3):clone():transpose(2, 3), bank, mode)[1]:totable(),
                      want:totable(), 'transposed')
         end
      end
   end
end

function tests.resultsThatAreOperands()
   local x, k = draw('Double', 5, 6), draw('Double', 2, 2)
   local want = torch.conv2(x, k)
   torch.conv2(x, x, k)
   tester:eq(x:totable(), want:totable())
   local r = torch.Tensor(9, 9):t():narrow(1, 1, 4)
   x = draw('Double', 5, 10)
   torch.xcorr2(r, x, k)
   tester:eq(r:totable(), torch.xcorr2(x, k):totable())
end

function tests.wrongSizes()
   tester:assertErrorPattern(function() torch.conv2(torch.ones(2, 2), torch.ones(3, 3)) end,
                             'conv2Dmul : Input image is smaller than kernel')
   tester:assertErrorPattern(function() torch.conv2(torch.ones(2, 3, 3), torch.ones(2, 3, 2, 2)) end, 'input planes')
end

tester:add(tests)
tester:run()
