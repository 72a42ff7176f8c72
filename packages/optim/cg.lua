-- Conjugate gradients with the directions of Polak and Ribiere and the line search of C. E. Rasmussen's minimize.m:
-- cubic and quadratic inter- and extrapolation between points that meet the conditions of Wolfe and Powell.
-- config: maxIter, maxEval, rho, sig, int, ext, ratio. state: df0 df1 df2 df3 s x0 (work space; every call starts anew).
-- Third result: the number of evaluations.

local function finite(z) return z == z and math.abs(z) < math.huge end

-- The coefficients that both cubic formulas share; z is the signed distance of the points (f2, d2) and (f3, d3).
local function cubic(f2, d2, f3, d3, z)
  local a = 6 * (f2 - f3) / z + 3 * (d2 + d3)
  local b = 3 * (f3 - f2) - z * (d3 + 2 * d2)
  return a, b, math.sqrt(b * b - a * d2 * z * z)
end

-- A step back into the bracket, no nearer than a fraction `int` to its ends.
local function interpolate(f1, f2, d2, f3, d3, z3, int)
  local z
  if f2 > f1 then
    z = z3 - 0.5 * d3 * z3 * z3 / (d3 * z3 + f2 - f3)
  else
    local a, b, root = cubic(f2, d2, f3, d3, z3)
    z = (root - b) / a
  end
  if not finite(z) then z = z3 / 2 end
  return math.max(math.min(z, int * z3), (1 - int) * z3)
end

-- A step onwards. `limit` is the far end of the bracket, nil while there is none.
local function extrapolate(f2, d2, f3, d3, z1, z3, limit, int, ext)
  local _, b, root = cubic(f2, d2, f3, d3, z3)
  local z = -d2 * z3 * z3 / (b + root)
  if not finite(z) or z < 0 then return limit and (limit - z1) / 2 or z1 * (ext - 1) end
  if limit and z + z1 > limit then return (limit - z1) / 2 end
  if not limit and z + z1 > z1 * ext then return z1 * (ext - 1) end
  if z < -z3 * int then return -z3 * int end
  if limit and z < (limit - z1) * (1 - int) then return (limit - z1) * (1 - int) end
  return z
end

function optim.cg(opfunc, x, config, state)
  config = config or {}
  state = state or config
  local rho, sig = config.rho or 0.01, config.sig or 0.5
  local int, ext, ratio = config.int or 0.1, config.ext or 3, config.ratio or 100
  local maxIter = config.maxIter or 20
  local maxEval = config.maxEval or maxIter * 1.25

  for _, name in ipairs{ 'df0', 'df1', 'df2', 'df3', 's', 'x0' } do
    state[name] = (state[name] or x.new()):resizeAs(x)
  end
  local df0, df1, df2, s, x0 = state.df0, state.df1, state.df2, state.s, state.x0

  local evaluations, values = 0, {}
  local function evaluate(df)
    local f, g = opfunc(x)
    evaluations = evaluations + 1
    df:copy(g)
    return f
  end

  local f1 = evaluate(df1)
  values[1] = f1
  s:copy(df1):mul(-1)
  local d1 = -s:dot(s)     -- slope along s
  local z1 = 1 / (1 - d1)  -- step along s

  while evaluations < math.abs(maxEval) do
    x0:copy(x)
    df0:copy(df1)

    local f2, d2
    local function step(z)
      x:add(z, s)
      f2 = evaluate(df2)
      d2 = df2:dot(s)
    end
    step(z1)
    local f3, d3, z3 = f1, d1, -z1
    local left = math.min(maxIter, maxEval - evaluations)
    local limit
    local function tooFar() return f2 > f1 + z1 * rho * d1 or d2 > -sig * d1 end

    local success = false
    while true do
      while tooFar() and left > 0 do
        limit = z1
        local z2 = interpolate(f1, f2, d2, f3, d3, z3, int)
        z1, z3 = z1 + z2, z3 - z2
        step(z2)
        left = left - 1
      end
      if tooFar() then break end
      if d2 > sig * d1 then success = true break end
      if left <= 0 then break end
      local z2 = extrapolate(f2, d2, f3, d3, z1, z3, limit, int, ext)
      f3, d3, z3 = f2, d2, -z2
      z1 = z1 + z2
      step(z2)
      left = left - 1
    end

    if not success then -- back to the start of this search, and no further
      x:copy(x0)
      df1:copy(df0)
      break
    end

    f1 = f2
    values[#values + 1] = f1
    s:mul((df2:dot(df2) - df2:dot(df1)) / df1:dot(df1)):add(-1, df2)
    df1, df2 = df2, df1
    d2 = df1:dot(s)
    if d2 > 0 then -- no descent: start again from the steepest
      s:copy(df1):mul(-1)
      d2 = -s:dot(s)
    end
    z1 = z1 * math.min(ratio, d1 / (d2 - 1e-320))
    d1 = d2
  end

  state.df1, state.df2 = df1, df2
  return x, values, evaluations
end
