-- Line search for the strong conditions of Wolfe (Nocedal and Wright, algorithms 3.5 and 3.6, with the safeguards of
-- Mark Schmidt's minFunc).
-- optim.lswolfe(opfunc, x, t, d, f, g, gtd, {c1, c2, tolX, maxIter, verbose}) -> f, g, x, t, evaluations
-- x is moved to x + t*d. t: first step, d: direction, gtd: slope of f along d.

local function spread(p, q) -- ends of the bracket in order
  if p.t < q.t then return p.t, q.t end
  return q.t, p.t
end

local function interpolate(p, q, low, high)
  return optim.polyinterp({ { p.t, p.f, p.slope }, { q.t, q.f, q.slope } }, low, high)
end

function optim.lswolfe(opfunc, x, t, d, f, g, gtd, options)
  options = options or {}
  local c1, c2 = options.c1 or 1e-4, options.c2 or 0.9
  local tolX, maxIter = options.tolX or 1e-9, options.maxIter or 20

  local origin = x:clone()
  local evaluations = 0
  local function evaluate(t)
    local value, gradient = opfunc(torch.add(x, origin, t, d))
    evaluations = evaluations + 1
    return { t = t, f = value, g = gradient:clone(), slope = gradient:dot(d) }
  end
  local function rose(p) return p.f > f + c1 * p.t * gtd end
  local function flat(p) return math.abs(p.slope) <= -c2 * gtd end

  local start = { t = 0, f = f, g = g, slope = gtd }
  local previous, current = start, evaluate(t)
  local iteration, done = 0, false
  local low, high -- low: the end with the lower value, once the bracket stands

  while iteration < maxIter do
    if rose(current) or (iteration > 1 and current.f >= previous.f) then
      low, high = previous, current
      break
    elseif flat(current) then
      low, done = current, true
      break
    elseif current.slope >= 0 then
      low, high = previous, current
      break
    end
    local step = interpolate(previous, current, current.t + 0.01 * (current.t - previous.t), 10 * current.t)
    previous, current = current, evaluate(step)
    iteration = iteration + 1
  end
  if not low then low, high = start, current end

  local slow = false -- the last point came close to an end of the bracket
  while not done and iteration < maxIter do
    if high.f < low.f then low, high = high, low end
    local step = interpolate(low, high)
    local a, b = spread(low, high)
    if math.min(b - step, step - a) / (b - a) < 0.1 then
      if slow or step >= b or step <= a then
        step = math.abs(step - b) < math.abs(step - a) and b - 0.1 * (b - a) or a + 0.1 * (b - a)
        slow = false
      else
        slow = true
      end
    else
      slow = false
    end

    local point = evaluate(step)
    iteration = iteration + 1
    if rose(point) or point.f >= low.f then
      high = point
    else
      if flat(point) then done = true
      elseif point.slope * (high.t - low.t) >= 0 then high = low end
      low = point
    end
    if not done and math.abs((high.t - low.t) * point.slope) < tolX then break end
  end

  local best = high and high.f < low.f and high or low
  if options.verbose then
    print(string.format('<lswolfe> step %g, value %g after %d evaluations', best.t, best.f, evaluations))
  end
  return best.f, best.g, torch.add(x, origin, best.t, d), best.t, evaluations
end
