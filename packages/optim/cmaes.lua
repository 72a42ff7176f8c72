-- Covariance matrix adaptation (N. Hansen, The CMA Evolution Strategy: A Tutorial, arXiv:1604.00772); opfunc's gradient is not used.
-- config: sigma, ftarget, maxEval, popsize, min_iterations, verb_disp (a line every so many evaluations, 0: none).
-- -> best x, history of the best value of every generation and last of all, evaluations.

local function constants(N, lambda)
  local mu = math.floor(lambda / 2)
  local weights, total = {}, 0
  for i = 1, mu do
    weights[i] = math.log(mu + 0.5) - math.log(i)
    total = total + weights[i]
  end
  local squares = 0
  for i = 1, mu do
    weights[i] = weights[i] / total
    squares = squares + weights[i] ^ 2
  end
  local mueff = 1 / squares
  local k = { mu = mu, weights = weights, mueff = mueff }
  k.cc = (4 + mueff / N) / (N + 4 + 2 * mueff / N)
  k.cs = (mueff + 2) / (N + mueff + 5)
  k.c1 = 2 / ((N + 1.3) ^ 2 + mueff)
  k.cmu = math.min(1 - k.c1, 2 * (mueff - 2 + 1 / mueff) / ((N + 2) ^ 2 + mueff))
  k.damps = 1 + 2 * math.max(0, math.sqrt((mueff - 1) / (N + 1)) - 1) + k.cs
  k.chiN = math.sqrt(N) * (1 - 1 / (4 * N) + 1 / (21 * N ^ 2))
  return k
end

function optim.cmaes(opfunc, x, config, state)
  config = config or {}
  state = state or config
  local function option(name, default)
    local value = config[name]
    if value == nil then value = state[name] end
    return value == nil and default or value
  end
  local N = x:nElement()
  local sigma = option('sigma', 0.5)
  local ftarget = option('ftarget', -math.huge)
  local maxEval = option('maxEval', 1e3 * N ^ 2)
  local lambda = option('popsize', 4 + math.floor(3 * math.log(N)))
  local minIterations = option('min_iterations', 1)
  local display = option('verb_disp', 0)
  local k = constants(N, lambda)

  local mean = x:double():clone():view(N)
  local pc, ps = torch.DoubleTensor(N):zero(), torch.DoubleTensor(N):zero()
  local C, B, D = torch.eye(N):double(), torch.eye(N):double(), torch.DoubleTensor(N):fill(1)
  local steps = torch.DoubleTensor(lambda, N)
  local candidate = x:clone()
  local evaluations, generation, lastEigen = 0, 0, 0
  local history, best, bestValue = {}, mean:clone(), math.huge

  repeat
    generation = generation + 1
    if evaluations - lastEigen > lambda / (k.c1 + k.cmu) / N / 10 then
      lastEigen = evaluations
      C = (C + C:t()) / 2
      local values, vectors = torch.symeig(C, 'V')
      D, B = values:cmax(1e-300):sqrt(), vectors
    end

    local ranked = {}
    for i = 1, lambda do
      local z = torch.DoubleTensor(N)
      for j = 1, N do z[j] = D[j] * torch.normal(0, 1) end
      steps[i]:mv(B, z)
      candidate:copy(torch.add(mean, sigma, steps[i]))
      local value = opfunc(candidate)
      evaluations = evaluations + 1
      ranked[i] = { value = value, index = i }
      if value < bestValue then
        bestValue = value
        best:copy(candidate)
      end
    end
    table.sort(ranked, function(a, b) return a.value < b.value end)
    history[generation] = ranked[1].value

    -- the mean moves to the weighted best, and the two paths with it
    local move = torch.DoubleTensor(N):zero()
    for i = 1, k.mu do move:add(k.weights[i], steps[ranked[i].index]) end
    mean:add(sigma, move)
    local white = B * (B:t() * move):cdiv(D)
    ps:mul(1 - k.cs):add(math.sqrt(k.cs * (2 - k.cs) * k.mueff), white)
    local expected = 1 - (1 - k.cs) ^ (2 * evaluations / lambda)
    local stalled = ps:dot(ps) / N / expected >= 2 + 4 / (N + 1)
    pc:mul(1 - k.cc)
    if not stalled then pc:add(math.sqrt(k.cc * (2 - k.cc) * k.mueff), move) end

    local lost = stalled and k.c1 * k.cc * (2 - k.cc) or 0
    C:mul(1 - k.c1 - k.cmu + lost):addr(k.c1, pc, pc)
    for i = 1, k.mu do
      local s = steps[ranked[i].index]
      C:addr(k.cmu * k.weights[i], s, s)
    end
    sigma = sigma * math.exp(math.min(1, (k.cs / k.damps) * (ps:norm() / k.chiN - 1)))

    if display > 0 and generation % display == 0 then
      print(string.format('%d: evaluations %d, best %g, sigma %g, axis ratio %g', generation, evaluations, bestValue, sigma,
        D:max() / D:min()))
    end
    local over = evaluations >= maxEval or bestValue <= ftarget or D:max() > 1e7 * D:min() or sigma * D:max() < 1e-11
  until over and generation >= minIterations

  history[generation + 1] = bestValue
  x:copy(best)
  return x, history, evaluations
end
