-- Stochastic gradient descent with momentum, Nesterov's form, and rates and decays per parameter.
-- config: learningRate, learningRateDecay, weightDecay, weightDecays, momentum, dampening, nesterov, learningRates.
-- state: evalCounter, dfdx (the momentum), deltaParameters, decayParameters.
local fused = require('optim.fused')

function optim.sgd(opfunc, x, config, state)
  config = config or {}
  state = state or config
  local momentum = config.momentum or 0
  local dampening = config.dampening or momentum
  local nesterov = config.nesterov or false
  local weightDecay = config.weightDecay or 0
  local count = state.evalCounter or 0
  local rate = (config.learningRate or 1e-3) / (1 + count * (config.learningRateDecay or 0))
  assert(not nesterov or (momentum > 0 and dampening == 0), 'Nesterov momentum requires a momentum and zero dampening')

  local fx, dfdx = opfunc(x)
  state.evalCounter = count + 1

  local kernel = fused(x, 'optim_sgd')
  if kernel and not config.learningRates and not config.weightDecays then
    local share = 1 - dampening
    if momentum ~= 0 and not state.dfdx then
      state.dfdx = dfdx.new():resizeAs(dfdx):zero()
      share = 1
    end
    kernel(x, dfdx, momentum ~= 0 and state.dfdx or nil, rate, weightDecay, momentum, share, nesterov)
    return x, { fx }
  end

  if weightDecay ~= 0 then
    dfdx:add(weightDecay, x)
  elseif config.weightDecays then
    state.decayParameters = state.decayParameters or dfdx.new():resizeAs(x)
    state.decayParameters:copy(config.weightDecays):cmul(x)
    dfdx:add(state.decayParameters)
  end

  if momentum ~= 0 then
    if not state.dfdx then
      state.dfdx = dfdx.new():resizeAs(dfdx):copy(dfdx)
    else
      state.dfdx:mul(momentum):add(1 - dampening, dfdx)
    end
    if nesterov then dfdx:add(momentum, state.dfdx) else dfdx = state.dfdx end
  end

  if config.learningRates then
    state.deltaParameters = state.deltaParameters or dfdx.new():resizeAs(dfdx)
    state.deltaParameters:copy(config.learningRates):cmul(dfdx)
    dfdx = state.deltaParameters
  end
  x:add(-rate, dfdx)
  return x, { fx }
end
