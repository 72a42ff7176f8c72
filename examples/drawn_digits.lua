-- Draws images of digits: strokes in several styles, slanted, stretched, thick or thin, with clutter
-- and noise. Hard enough that a linear classifier names fewer than nine in ten.
require 'torch'

local cos, sin, pi, sqrt, min, max = math.cos, math.sin, math.pi, math.sqrt, math.min, math.max

-- Points along an ellipse's arc, angles in turns counted from the right, upward.
local function arc(cx, cy, rx, ry, from, to)
  local points = {}
  for k = 0, 8 do
    local a = 2 * pi * (from + (to - from) * k / 8)
    points[#points + 1] = {cx + rx * cos(a), cy - ry * sin(a)}
  end
  return points
end

-- Glyphs in a box from (-1, -1), top left, to (1, 1): for each digit its styles, each a list of strokes.
local glyphs = {
  [0] = {{arc(0, 0, 0.6, 0.95, 0, 1)}, {arc(0, 0, 0.45, 0.9, 0.1, 1.15)}, {arc(0, 0, 0.6, 0.9, 0, 1), {{-0.35, 0.5}, {0.35, -0.5}}}},
  [1] = {{{{0, -0.95}, {0, 0.95}}}, {{{-0.35, -0.55}, {0.05, -0.95}, {0.05, 0.95}}},
         {{{-0.3, -0.6}, {0, -0.95}, {0, 0.9}}, {{-0.4, 0.92}, {0.4, 0.92}}}},
  [2] = {{arc(0, -0.45, 0.5, 0.5, 0.45, -0.1), {{0.45, -0.2}, {-0.55, 0.9}, {0.6, 0.9}}},
         {arc(-0.02, -0.42, 0.5, 0.5, 0.4, -0.12), {{0.4, -0.15}, {-0.5, 0.85}}, arc(-0.3, 0.75, 0.2, 0.15, 0.75, 0.1), {{-0.2, 0.8}, {0.6, 0.85}}}},
  [3] = {{arc(-0.05, -0.45, 0.5, 0.48, 0.4, -0.25), arc(-0.05, 0.45, 0.55, 0.48, 0.25, -0.42)},
         {{{-0.5, -0.9}, {0.45, -0.9}, {-0.1, -0.15}}, arc(-0.1, 0.4, 0.58, 0.55, 0.25, -0.4)}},
  [4] = {{{{0.2, 0.95}, {0.2, -0.95}, {-0.6, 0.3}, {0.6, 0.3}}}, {{{-0.5, -0.9}, {-0.5, 0.1}, {0.55, 0.1}}, {{0.3, -0.6}, {0.3, 0.95}}}},
  [5] = {{{{0.5, -0.9}, {-0.4, -0.9}, {-0.45, -0.1}}, arc(-0.05, 0.35, 0.55, 0.55, 0.35, -0.4)},
         {{{0.45, -0.92}, {-0.35, -0.88}, {-0.42, -0.15}, {0.1, -0.2}}, arc(0, 0.35, 0.5, 0.55, 0.2, -0.42)}},
  [6] = {{arc(0.35, -0.05, 0.85, 0.9, 0.3, 0.55), arc(0, 0.45, 0.5, 0.48, 0, 1)}, {{{0.3, -0.95}, {-0.3, -0.1}, {-0.48, 0.45}}, arc(0, 0.45, 0.48, 0.46, 0, 1)}},
  [7] = {{{{-0.55, -0.9}, {0.55, -0.9}, {-0.15, 0.95}}}, {{{-0.5, -0.85}, {0.5, -0.9}, {0, 0.95}}, {{-0.2, 0.05}, {0.45, 0}}},
         {{{-0.5, -0.65}, {-0.5, -0.9}, {0.55, -0.9}, {0.1, 0}, {0, 0.95}}}},
  [8] = {{arc(0, -0.48, 0.42, 0.44, 0, 1), arc(0, 0.45, 0.52, 0.49, 0, 1)}, {arc(0, -0.45, 0.45, 0.45, -0.1, 0.75), {{-0.05, 0}, {0.45, 0.4}}, arc(0, 0.45, 0.48, 0.47, 0.1, -0.75), {{-0.4, 0.3}, {0.4, -0.65}}}},
  [9] = {{arc(-0.02, -0.42, 0.48, 0.48, 0, 1), {{0.46, -0.45}, {0.4, 0.95}}}, {arc(0, -0.42, 0.48, 0.46, 0, 1), {{0.47, -0.4}, {0.35, 0.5}}, arc(-0.1, 0.4, 0.47, 0.52, -0.02, -0.35)}},
}

local size = 28
local function uniform(a, b) return torch.uniform(a, b) end

-- Darkens the pixels near the line from (x0, y0) to (x1, y1); `p` points to the image's pixels.
local function segment(p, x0, y0, x1, y1, radius, ink)
  local dx, dy = x1 - x0, y1 - y0
  local length = max(dx * dx + dy * dy, 1e-9)
  local reach = radius + 1.5
  for y = max(0, math.floor(min(y0, y1) - reach)), min(size - 1, math.ceil(max(y0, y1) + reach)) do
    for x = max(0, math.floor(min(x0, x1) - reach)), min(size - 1, math.ceil(max(x0, x1) + reach)) do
      local t = ((x - x0) * dx + (y - y0) * dy) / length
      t = t < 0 and 0 or t > 1 and 1 or t
      local ex, ey = x - x0 - t * dx, y - y0 - t * dy
      local value = ink * max(0, min(1, radius + 0.7 - sqrt(ex * ex + ey * ey)))
      local at = y * size + x
      if value > p[at] then p[at] = value end
    end
  end
end

local function stroke(p, points, map, radius, ink)
  local x0, y0 = map(points[1])
  for k = 2, #points do
    local x1, y1 = map(points[k])
    segment(p, x0, y0, x1, y1, radius, ink)
    x0, y0 = x1, y1
  end
end

local function draw(p, digit)
  local styles = glyphs[digit]
  local style = styles[torch.random(#styles)]
  local angle, shear = uniform(-0.35, 0.35), uniform(-0.35, 0.35)
  local sx, sy = uniform(5.5, 9.5), uniform(6.5, 10.5)
  local ox, oy = 13.5 + uniform(-3.5, 3.5), 13.5 + uniform(-3, 3)
  local c, s = cos(angle), sin(angle)
  local wobble = uniform(0, 0.09)
  local function map(point)
    local x = point[1] + wobble * uniform(-1, 1)
    local y = point[2] + wobble * uniform(-1, 1)
    x = (x + shear * y) * sx
    y = y * sy
    return ox + c * x - s * y, oy + s * x + c * y
  end
  local radius, ink = uniform(0.3, 1.5), uniform(0.55, 1)
  for _, points in ipairs(style) do stroke(p, points, map, radius, ink) end
  -- clutter: short strokes that belong to no digit
  for _ = 1, torch.random(0, 3) do
    local x, y, a, l = uniform(0, size), uniform(0, size), uniform(0, 2 * pi), uniform(2, 6)
    segment(p, x, y, x + l * cos(a), y + l * sin(a), uniform(0.2, 0.8), uniform(0.3, 0.9))
  end
  -- a shade across the image, noise, and dead or bright pixels
  local gx, gy, base, level = uniform(-0.006, 0.006), uniform(-0.006, 0.006), uniform(0, 0.15), uniform(0.02, 0.14)
  for at = 0, size * size - 1 do
    local x, y = at % size, (at - at % size) / size
    local v = p[at] + base + gx * (x - 14) + gy * (y - 14) + level * uniform(-1.7, 1.7)
    p[at] = max(0, min(1, v))
  end
  for _ = 1, torch.random(0, 12) do p[torch.random(0, size * size - 1)] = uniform(0, 1) end
end

-- `n` images, labels 1..10 (the digit plus one), drawn from the seed alone.
return function(n, seed)
  local state = torch.getRNGState()
  torch.manualSeed(seed)
  local images = torch.FloatTensor(n, 1, size, size):zero()
  local labels = torch.LongTensor(n)
  local p = images:data()
  for k = 1, n do
    local digit = torch.random(0, 9)
    labels[k] = digit + 1
    draw(p + (k - 1) * size * size, digit)
  end
  torch.setRNGState(state)
  return {images = images, labels = labels}
end
