-- Averaged stochastic gradient descent (Polyak and Juditsky, 1992; the schedule is Bottou's).
-- config: eta0, lambda, alpha, t0. state: eta_t, mu_t, t, ax (the average), tmp. Third result: ax.
function optim.asgd(opfunc, x, config, state)
  config = config or {}
  state = state or config
  config.eta0 = config.eta0 or 1e-4
  config.lambda = config.lambda or 1e-4
  config.alpha = config.alpha or 0.75
  config.t0 = config.t0 or 1e6
  state.eta_t = state.eta_t or config.eta0
  state.mu_t = state.mu_t or 1
  state.t = state.t or 0

  local fx, dfdx = opfunc(x)

  -- a step with decay
  x:mul(1 - config.lambda * state.eta_t)
  x:add(-state.eta_t, dfdx)

  -- the average, which is a copy until t0
  state.ax = state.ax or x.new():resizeAs(x):zero()
  state.tmp = state.tmp or x.new()
  if state.mu_t == 1 then
    state.ax:copy(x)
  else
    state.tmp:resizeAs(x):copy(x):add(-1, state.ax)
    state.ax:add(state.mu_t, state.tmp)
  end

  state.t = state.t + 1
  state.eta_t = config.eta0 / (1 + config.lambda * config.eta0 * state.t) ^ config.alpha
  state.mu_t = 1 / math.max(1, state.t - config.t0)
  return x, { fx }, state.ax
end
