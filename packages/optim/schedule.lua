-- Learning rates as functions of the number of the step, counted from 0.
--   local rate = optim.schedule.cosine{learningRate = 0.1, steps = 1000, warmup = 50}
--   config.learningRate = rate(t)                          by hand, or
--   optim.schedule.apply(optim.sgd, rate)                  a method that does so, counting in state.scheduleCounter
local schedule = {}
optim.schedule = schedule

local function needed(options, name)
  return options[name] or error('optim.schedule: ' .. name .. ' is missing', 3)
end

-- The first `warmup` steps rise linearly to the rate; the schedule proper starts after them.
local function withWarmup(options, rate)
  local warmup, peak = options.warmup or 0, needed(options, 'learningRate')
  return function(t)
    if t < warmup then return peak * (t + 1) / warmup end
    return rate(t - warmup)
  end
end

function schedule.constant(options)
  local peak = needed(options, 'learningRate')
  return withWarmup(options, function() return peak end)
end

-- times gamma (0.1) every `every` steps, or after each of the steps in the list `milestones`
function schedule.step(options)
  local peak, gamma = needed(options, 'learningRate'), options.gamma or 0.1
  local every, milestones = options.every, options.milestones
  if not every and not milestones then needed(options, 'every') end
  return withWarmup(options, function(t)
    if every then return peak * gamma ^ math.floor(t / every) end
    local passed = 0
    for _, m in ipairs(milestones) do if t >= m then passed = passed + 1 end end
    return peak * gamma ^ passed
  end)
end

-- half a cosine from the rate to `final` (0) over `steps`, warm-up not counted (Loshchilov and Hutter, 2016)
function schedule.cosine(options)
  local peak, final, steps = needed(options, 'learningRate'), options.final or 0, needed(options, 'steps')
  return withWarmup(options, function(t)
    return final + (peak - final) * 0.5 * (1 + math.cos(math.pi * math.min(t / steps, 1)))
  end)
end

-- up from rate/start (25) to the rate during the share `rise` (0.3) of `steps`, then down to rate/finish (1e4), both
-- along half a cosine (Smith and Topin, 2017)
function schedule.oneCycle(options)
  local peak, steps = needed(options, 'learningRate'), needed(options, 'steps')
  local rise = math.max(1, (options.rise or 0.3) * steps)
  local first, last = peak / (options.start or 25), peak / (options.finish or 1e4)
  local function between(a, b, share) return b + (a - b) * 0.5 * (1 + math.cos(math.pi * share)) end
  return function(t)
    if t < rise then return between(first, peak, t / rise) end
    return between(peak, last, math.min((t - rise) / math.max(1, steps - rise), 1))
  end
end

-- The method with its learning rate taken from the schedule; called as the method itself.
function schedule.apply(method, rate)
  return function(opfunc, x, config, state)
    config = config or {}
    state = state or config
    local t = state.scheduleCounter or 0
    config.learningRate = rate(t)
    state.scheduleCounter = t + 1
    return method(opfunc, x, config, state)
  end
end
