-- Adam (Kingma and Ba, 2014, arXiv:1412.6980).
-- config: learningRate, learningRateDecay, beta1, beta2, epsilon, weightDecay.
-- state: t, m, v (running means of the gradient and of its square), denom.
local fused = require('optim.fused')

function optim.adam(opfunc, x, config, state)
  config = config or {}
  state = state or config
  local beta1, beta2 = config.beta1 or 0.9, config.beta2 or 0.999
  local epsilon = config.epsilon or 1e-8
  local weightDecay = config.weightDecay or 0

  local fx, dfdx = opfunc(x)

  state.t = state.t or 0
  state.m = state.m or x.new():resizeAs(dfdx):zero()
  state.v = state.v or x.new():resizeAs(dfdx):zero()
  state.denom = state.denom or x.new():resizeAs(dfdx):zero()
  local rate = (config.learningRate or 1e-3) / (1 + state.t * (config.learningRateDecay or 0))
  state.t = state.t + 1
  rate = rate * math.sqrt(1 - beta2 ^ state.t) / (1 - beta1 ^ state.t)

  local kernel = fused(x, 'optim_adam')
  if kernel then
    kernel(x, dfdx, state.m, state.v, rate, weightDecay, beta1, beta2, epsilon)
    return x, { fx }
  end
  if weightDecay ~= 0 then dfdx:add(weightDecay, x) end
  state.m:mul(beta1):add(1 - beta1, dfdx)
  state.v:mul(beta2):addcmul(1 - beta2, dfdx, dfdx)
  state.denom:copy(state.v):sqrt():add(epsilon)
  x:addcdiv(-rate, state.m, state.denom)

  return x, { fx }
end
