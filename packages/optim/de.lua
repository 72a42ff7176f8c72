-- Differential evolution, best/1/bin (Storn and Price, 1997); opfunc's gradient is not used.
-- config: popsize, scaleFactor, crossoverRate, maxFEs, maxRegion, minRegion. -> best x, the values of all evaluations.
-- The generator is its own, seeded with 1, and the first `best` is the worst of the start: trajectories depend on both.
function optim.de(opfunc, x, config)
  config = config or {}
  local D = x:nElement()
  local popsize = config.popsize or 10 * D
  local scale = config.scaleFactor or 0.6
  local crossover = config.crossoverRate or 0.7
  local maxFEs = config.maxFEs or 500
  local low, high = config.minRegion or -30, config.maxRegion or 30

  local gen = torch.Generator()
  torch.manualSeed(gen, 1)
  local values, count = x.new(maxFEs):zero(), 0
  local candidate = x:clone()
  local function evaluate(individual)
    local f = opfunc(candidate:copy(individual))
    count = count + 1
    values[count] = f
    return f
  end

  local pop = x.new(popsize, D):uniform(gen, low, high)
  local fitness, bestValue, best = {}, -math.huge, x.new(D)
  for i = 1, popsize do
    fitness[i] = evaluate(pop[i])
    if fitness[i] > bestValue then
      bestValue = fitness[i]
      best:copy(pop[i])
    end
  end

  local children, childFitness = pop:clone(), {}
  while count < maxFEs do
    local bred = 0
    for i = 1, math.min(popsize, maxFEs - count) do
      local r1, r2
      repeat r1 = torch.random(gen, 1, popsize) until r1 ~= i
      repeat r2 = torch.random(gen, 1, popsize) until r2 ~= i and r2 ~= r1
      local jrand = torch.random(gen, 1, D)
      local child, parent, a, b = children[i], pop[i], pop[r1], pop[r2]
      for j = 1, D do
        local u = torch.uniform(gen, 0, 1)
        child[j] = (u < crossover or i == jrand) and best[j] + scale * (a[j] - b[j]) or parent[j]
      end
      childFitness[i] = evaluate(child)
      bred = i
    end
    for i = 1, bred do
      if childFitness[i] <= fitness[i] then
        pop[i]:copy(children[i])
        fitness[i] = childFitness[i]
        if fitness[i] < bestValue then
          bestValue = fitness[i]
          best:copy(pop[i])
        end
      end
    end
  end
  x:copy(best)
  return x, values
end
