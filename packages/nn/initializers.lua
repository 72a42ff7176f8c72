-- nn.init: ways to draw initial weights. Each fills a tensor and returns it:
--   nn.init.kaiming(linear.weight)
-- and nn.init.apply(net, 'kaiming') draws the weights of all layers of a net, and zeroes their biases.
local init = {}

-- Inputs and outputs of one unit: dimension 1 counts outputs, 2 inputs, the rest is the receptive field.
local function fans(t)
  assert(t:dim() >= 2, 'fan in and fan out need a tensor of 2 or more dimensions')
  local field = t:nElement() / (t:size(1) * t:size(2))
  return t:size(2) * field, t:size(1) * field
end

local gains = { linear = 1, sigmoid = 1, tanh = 5 / 3, relu = math.sqrt(2) }

-- How much a transfer function shrinks its input's standard deviation; `slope` is leakyrelu's.
function init.gain(name, slope)
  name = (name or 'linear'):lower()
  if name == 'leakyrelu' then return math.sqrt(2 / (1 + (slope or 0.01) ^ 2)) end
  return gains[name] or error('nn.init.gain: no gain is known for ' .. name)
end

function init.zeros(t) return t:zero() end
function init.ones(t) return t:fill(1) end
function init.constant(t, value) return t:fill(value or 0) end
function init.uniform(t, low, high) return t:uniform(low or 0, high or 1) end
function init.normal(t, mean, std) return t:normal(mean or 0, std or 1) end

-- Glorot and Bengio, 2010: the same variance forwards and backwards.
function init.xavier(t, gain)
  local fanIn, fanOut = fans(t)
  local bound = (gain or 1) * math.sqrt(6 / (fanIn + fanOut))
  return t:uniform(-bound, bound)
end

function init.xavierNormal(t, gain)
  local fanIn, fanOut = fans(t)
  return t:normal(0, (gain or 1) * math.sqrt(2 / (fanIn + fanOut)))
end

-- He et al., 2015: keeps the variance through layers with ReLU. mode 'fanIn' (forwards) or 'fanOut' (backwards).
local function kaimingDeviation(t, gain, mode)
  local fanIn, fanOut = fans(t)
  return (gain or math.sqrt(2)) / math.sqrt(mode == 'fanOut' and fanOut or fanIn)
end

function init.kaiming(t, gain, mode)
  local bound = math.sqrt(3) * kaimingDeviation(t, gain, mode)
  return t:uniform(-bound, bound)
end

function init.kaimingNormal(t, gain, mode)
  return t:normal(0, kaimingDeviation(t, gain, mode))
end

-- LeCun et al., 1998: unit variance of linear layers.
function init.lecun(t)
  return t:normal(0, 1 / math.sqrt((fans(t))))
end

-- Saxe et al., 2013: rows (or columns, whichever are fewer) are orthonormal, times gain.
function init.orthogonal(t, gain)
  assert(t:dim() >= 2, 'nn.init.orthogonal needs a tensor of 2 or more dimensions')
  local rows = t:size(1)
  local columns = t:nElement() / rows
  local long, short = math.max(rows, columns), math.min(rows, columns)
  local q, r = torch.qr(torch.DoubleTensor(long, short):normal())
  -- the signs of r's diagonal make the distribution uniform
  for j = 1, short do
    if r[j][j] < 0 then q:select(2, j):mul(-1) end
  end
  if rows < columns then q = q:t() end
  return t:copy(q:mul(gain or 1))
end

-- Starts as the identity, as far as the shape allows: square parts, and the centre of convolution kernels.
function init.identity(t)
  assert(t:dim() >= 2, 'nn.init.identity needs a tensor of 2 or more dimensions')
  t:zero()
  for k = 1, math.min(t:size(1), t:size(2)) do
    local slice = t:select(1, k):narrow(1, k, 1)
    for d = 2, slice:dim() do slice = slice:narrow(d, math.floor((slice:size(d) + 1) / 2), 1) end
    slice:fill(1)
  end
  return t
end

-- Values around mean, drawn again until they are within two standard deviations.
function init.truncatedNormal(t, mean, std)
  mean, std = mean or 0, std or 1
  t:normal(mean, std)
  return t:apply(function(x)
    while math.abs(x - mean) > 2 * std do x = torch.normal(mean, std) end
    return x
  end)
end

-- Only `share` of each row's elements are not zero.
function init.sparse(t, share, std)
  t:normal(0, std or 0.01)
  local keep = torch.rand(t:size()):le(share or 0.1)
  return t:cmul(keep:typeAs(t))
end

-- Draws the weights of every layer in a net by a method's name (or a function), with the method's further arguments.
-- Only tensors of 2 or more dimensions are drawn: scales of normalisation layers stay.
function init.apply(net, method, ...)
  local draw = type(method) == 'function' and method or init[method]
  if not draw then error('nn.init.apply: no initialiser is called ' .. tostring(method)) end
  local arguments, n = { ... }, select('#', ...)
  net:apply(function(module)
    for _, name in ipairs{ 'weight', 'recurrent', 'outWeight' } do
      local t = rawget(module, name)
      if torch.isTensor(t) and t:dim() >= 2 then
        draw(t, unpack(arguments, 1, n))
        if name == 'weight' and torch.isTensor(module.bias) then module.bias:zero() end
      end
    end
  end)
  return net
end

return init
