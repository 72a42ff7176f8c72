-- The minimiser of the polynomial that passes through points with given values and slopes.

-- Two points without bounds: the minimum of the cubic in closed form (Nocedal and Wright, 3.59).
local function cubicMinimum(x1, f1, g1, x2, f2, g2)
  if x1 > x2 then x1, f1, g1, x2, f2, g2 = x2, f2, g2, x1, f1, g1 end
  local d1 = g1 + g2 - 3 * (f1 - f2) / (x1 - x2)
  local square = d1 * d1 - g1 * g2
  if square < 0 then return (x1 + x2) / 2 end
  local d2 = math.sqrt(square)
  local t = x2 - (x2 - x1) * ((g2 + d2 - d1) / (g2 - g1 + 2 * d2))
  return math.min(math.max(t, x1), x2)
end

-- Coefficients c[1] + c[2] z + ... of the polynomial of degree 2n-1; z = x - origin, the first point.
local function fit(points, origin)
  local n = #points
  if n == 2 then
    local p, q = points[1], points[2]
    local h = q[1] - p[1]
    local rise = (q[2] - p[2]) / h
    return { p[2], p[3], (3 * rise - 2 * p[3] - q[3]) / h, (p[3] + q[3] - 2 * rise) / (h * h) }
  end
  local A, b = torch.DoubleTensor(2 * n, 2 * n):zero(), torch.DoubleTensor(2 * n, 1)
  for i, p in ipairs(points) do
    local z = p[1] - origin
    for k = 0, 2 * n - 1 do
      A[i][k + 1] = z ^ k
      if k > 0 then A[n + i][k + 1] = k * z ^ (k - 1) end
    end
    b[i][1], b[n + i][1] = p[2], p[3]
  end
  local c = torch.gesv(b, A)
  local out = {}
  for k = 1, 2 * n do out[k] = c[k][1] end
  return out
end

local function realRoots(c) -- of c[1] + c[2] z + ...
  local n = #c
  while n > 1 and c[n] == 0 do n = n - 1 end
  if n < 2 then return {} end
  if n == 2 then return { -c[1] / c[2] } end
  if n == 3 then
    local square = c[2] * c[2] - 4 * c[3] * c[1]
    if square < 0 then return {} end
    local q = -0.5 * (c[2] + (c[2] < 0 and -1 or 1) * math.sqrt(square))
    return q == 0 and { 0 } or { q / c[3], c[1] / q }
  end
  local companion = torch.DoubleTensor(n - 1, n - 1):zero()
  for i = 1, n - 1 do
    companion[1][i] = -c[n - i] / c[n]
    if i > 1 then companion[i][i - 1] = 1 end
  end
  local roots, values = {}, torch.eig(companion)
  for i = 1, n - 1 do
    if values[i][2] == 0 then roots[#roots + 1] = values[i][1] end
  end
  return roots
end

local function boundedMinimum(points, low, high)
  local origin = points[1][1]
  local c = fit(points, origin)
  local slope = {}
  for k = 2, #c do slope[k - 1] = (k - 1) * c[k] end

  local candidates = { low, high }
  for _, p in ipairs(points) do candidates[#candidates + 1] = p[1] end
  for _, z in ipairs(realRoots(slope)) do candidates[#candidates + 1] = z + origin end

  local best, bestValue = (low + high) / 2, math.huge
  for _, x in ipairs(candidates) do
    if x >= low and x <= high then
      local value = 0
      for k = #c, 1, -1 do value = value * (x - origin) + c[k] end
      if value < bestValue then best, bestValue = x, value end
    end
  end
  return best
end

-- points: n x 3 tensor (or list) of position, value and slope; the bounds default to the outer points.
function optim.polyinterp(points, low, high)
  if torch.isTensor(points) then points = points:totable() end
  if #points == 2 and not low and not high then
    local a, b = points[1], points[2]
    return cubicMinimum(a[1], a[2], a[3], b[1], b[2], b[3])
  end
  local first, last = math.huge, -math.huge
  for _, p in ipairs(points) do first, last = math.min(first, p[1]), math.max(last, p[1]) end
  return boundedMinimum(points, low or first, high or last)
end
