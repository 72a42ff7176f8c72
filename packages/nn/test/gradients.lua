-- Compares every module and criterion with finite differences. The cases are tables in gradients_*.lua, one a family:
--
--   return {
--     { 'nn.Linear(4, 3)', 'T(4)', 'T(5, 4)' },                 constructor, inputs
--     { 'nn.MSECriterion()', 'T(3)', target = 'T(3)' },         a criterion has a target
--   }
--
-- Texts are Lua. In inputs T(...) is a tensor of uniform numbers in [-1, 1), P(...) in [0.1, 1.1), L{...} a LongTensor and
-- B{...} a ByteTensor; tensors of Double are perturbed. Further fields of an entry:
--   prepare = function(module)    called once after construction
--   input = false                 the input has no gradient              parameters = false   nor have the parameters
--   strided = false               the module wants contiguous input      scale = false        it ignores backward's scale
--   random = true                 it draws numbers in forward            precision = 1e-5     of the comparison
require 'nn'
local paths = require 'paths'
local here = debug.getinfo(1, 'S').source:match('^@(.*)/') or '.'
local tester, tests = torch.Tester(), torch.TestSuite()

local env = setmetatable({}, { __index = _G })
function env.T(...) return torch.DoubleTensor(...):uniform(-1, 1) end
function env.P(...) return torch.DoubleTensor(...):uniform(0.1, 1.1) end
function env.L(t) return torch.LongTensor(t) end
function env.B(t) return torch.ByteTensor(t) end

local function eval(text)
  local chunk = assert(loadstring('return ' .. text, text))
  return setfenv(chunk, env)()
end

local function isPlain(v) return type(v) == 'table' and not torch.typename(v) end

local function map(v, f)
  if torch.isTensor(v) then return f(v) end
  if not isPlain(v) then return v end
  local out = {}
  for k, x in pairs(v) do out[k] = map(x, f) end
  return out
end

local function copy(v) return map(v, function(t) return t:clone() end) end

local function strided(v)
  return map(v, function(t)
    if t:nElement() == 0 then return t end
    local sizes = t:size():totable()
    sizes[#sizes + 1] = 2
    local wide = t.new():resize(torch.LongStorage(sizes)):zero()
    return wide:select(#sizes, 2):copy(t)
  end)
end

-- Calls visit(a, b, path) for the tensors at the same place in two structures.
local function both(a, b, visit, path)
  path = path or ''
  if torch.isTensor(a) then
    visit(a, b, path)
  elseif isPlain(a) then
    for k, x in pairs(a) do both(x, b[k], visit, path .. '[' .. tostring(k) .. ']') end
  end
end

-- sum of output .* gradOutput: what all gradients are of
local function loss(output, gradOutput)
  if type(output) == 'number' then return output * gradOutput end
  local total = 0
  both(output, gradOutput, function(y, g) total = total + torch.cmul(y, g):sum() end)
  return total
end

local function randomLike(output)
  if type(output) == 'number' then return 1 end
  return map(output, function(t) return torch.rand(t:size()):mul(2):add(-1):type(t:type()) end)
end

local STEP, CHECKED = 1e-5, 30

-- Largest difference between a gradient and differences of f() in up to CHECKED elements of t.
local function differs(t, gradient, f)
  if not t:isContiguous() then error('perturbs contiguous tensors') end
  local flat, worst = t:view(-1), 0
  gradient = gradient:contiguous():view(-1)
  local n = flat:nElement()
  local order = torch.randperm(n)
  for k = 1, math.min(n, CHECKED) do
    local i = order[k]
    local original = flat[i]
    flat[i] = original + STEP
    local high = f()
    flat[i] = original - STEP
    local low = f()
    flat[i] = original
    worst = math.max(worst, math.abs((high - low) / (2 * STEP) - gradient[i]))
  end
  return worst
end

local function distance(a, b)
  local worst = 0
  both(a, b, function(x, y)
    if not torch.isTensor(y) or x:nElement() ~= y:nElement() then worst = math.huge
    elseif x:nElement() > 0 then worst = math.max(worst, (x:double() - y:double()):abs():max()) end
  end)
  return worst
end

local function build(entry)
  torch.manualSeed(11)
  local m = eval(entry[1])
  if entry.prepare then entry.prepare(m) end
  torch.manualSeed(12)
  return m
end

local function runSeeded(m, entry, x)
  if entry.random then torch.manualSeed(13) end
  return m:forward(x)
end

local function checkModule(entry, text)
  local m = build(entry)
  local x = eval(text)
  local name, precision = entry[1] .. ' on ' .. text .. ': ', entry.precision or 1e-6
  local y = copy(runSeeded(m, entry, copy(x)))
  local go = randomLike(y)
  local function f() return loss(runSeeded(m, entry, copy(x)), go) end

  runSeeded(m, entry, copy(x))
  m:zeroGradParameters()
  local gi = copy(m:backward(copy(x), copy(go)))
  local p, g = m:parameters()
  g = g and copy(g)
  local xCopy = copy(x)

  if entry.input ~= false then
    both(x, gi, function(t, gradient, path)
      if t:type() ~= 'torch.DoubleTensor' then return end
      tester:assertlt(differs(t, gradient, f), precision, name .. 'input' .. path)
    end)
  end
  if entry.parameters ~= false and p then
    for i = 1, #p do tester:assertlt(differs(p[i], g[i], f), precision, name .. 'parameter ' .. i) end
  end
  tester:assertlt(distance(x, xCopy), 1e-300, name .. 'the input changed')

  if entry.scale ~= false and p and #p > 0 then -- gradients accumulate, times scale
    runSeeded(m, entry, copy(x))
    m:backward(copy(x), copy(go), 0.5)
    local _, again = m:parameters()
    for i = 1, #p do
      if torch.isTensor(again[i]) then
        tester:assertlt((again[i] - g[i] * 1.5):abs():max(), 1e-9, name .. 'scale of parameter ' .. i)
      end
    end
  end

  if entry.strided ~= false then
    m:zeroGradParameters()
    local xs = strided(x)
    tester:assertlt(distance(y, runSeeded(m, entry, xs)), 1e-10, name .. 'output of strided input')
    tester:assertlt(distance(gi, m:backward(xs, strided(go))), 1e-10, name .. 'gradient with strided tensors')
  end
end

local function checkCriterion(entry, text)
  local c = build(entry)
  local x, target = eval(text), eval(entry.target)
  local name, precision = entry[1] .. ' on ' .. text .. ': ', entry.precision or 1e-6
  local before = c:forward(x, target)
  local gradient = copy(c:backward(x, target))
  both(x, gradient, function(t, g, path)
    if t:type() ~= 'torch.DoubleTensor' then return end
    tester:assertlt(differs(t, g, function() return c:forward(x, target) end), precision, name .. 'input' .. path)
  end)
  if entry.strided ~= false then
    local xs, ts = strided(x), strided(target)
    tester:assertlt(math.abs(c:forward(xs, ts) - before), 1e-10, name .. 'loss of strided input')
    tester:assertlt(distance(gradient, c:backward(xs, ts)), 1e-10, name .. 'gradient of strided input')
  end
end

local covered = {}
for file in paths.files(here, '^gradients_.*%.lua$') do
  for _, entry in ipairs(dofile(paths.concat(here, file))) do
    covered[entry[1]:match('^nn%.(%w+)') or ''] = true
    for i = 2, #entry do
      local text = entry[i]
      local title = entry[1] .. ' ' .. text .. (entry.target and ' / ' .. entry.target or '')
      tests[title] = function()
        if entry.target then checkCriterion(entry, text) else checkModule(entry, text) end
      end
    end
  end
end

-- Bases, and modules that have no gradient to check.
local exempt = { Module = true, Container = true, Criterion = true, StochasticGradient = true, OneHot = true, Kmeans = true,
  PrintSize = true, GradientReversal = true, L1Penalty = true, ZeroGrad = true }

function tests.everyClassIsChecked()
  local missing, seen = {}, {}
  local function look(name)
    if not covered[name] and not exempt[name] and not seen[name] then missing[#missing + 1] = name end
    seen[name] = true
  end
  local classes, beyond = nn.classes()
  for _, list in ipairs{ classes, beyond } do
    for _, name in ipairs(list) do look(name) end
  end
  for name, class in pairs(nn) do
    if type(class) == 'table' and torch.getmetatable('nn.' .. name) then look(name) end
  end
  tester:eq(table.concat(missing, ' '), '', 'classes without an entry in gradients_*.lua')
end

tester:add(tests)
tester:run(arg and #arg > 0 and arg or nil)
