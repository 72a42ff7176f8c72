-- Nesterov's accelerated gradient as Sutskever, Martens, Dahl and Hinton (2013) write it: the gradient is taken
-- after the step along the momentum.
-- config: learningRate, learningRateDecay, weightDecay, momentum, learningRates. state: evalCounter, dfdx, deltaParameters.
function optim.nag(opfunc, x, config, state)
  config = config or {}
  state = state or config
  local momentum = config.momentum or 0.9
  local weightDecay = config.weightDecay or 0
  local count = state.evalCounter or 0
  local rate = (config.learningRate or 1e-3) / (1 + count * (config.learningRateDecay or 0))
  if momentum <= 0 then error('Momentum must be positive for Nesterov Accelerated Gradient') end

  if state.dfdx then x:add(momentum, state.dfdx) end
  local fx, dfdx = opfunc(x)
  if weightDecay ~= 0 then dfdx:add(weightDecay, x) end

  if state.dfdx then state.dfdx:mul(momentum)
  else state.dfdx = dfdx.new():resizeAs(dfdx):zero() end

  local step = dfdx
  if config.learningRates then
    state.deltaParameters = state.deltaParameters or dfdx.new():resizeAs(dfdx)
    step = state.deltaParameters:copy(config.learningRates):cmul(dfdx)
  end
  x:add(-rate, step)
  state.dfdx:add(-rate, step)

  state.evalCounter = count + 1
  return x, { fx }
end
