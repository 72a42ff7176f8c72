-- Adamax: Adam with the infinity norm (Kingma and Ba, 2014, arXiv:1412.6980, section 7.1).
-- config: learningRate, beta1, beta2, epsilon, weightDecay.
-- state: t, m (running mean of the gradient), u (decayed maximum of its magnitude, 1 x n), max.
local fused = require('optim.fused')

function optim.adamax(opfunc, x, config, state)
  config = config or {}
  state = state or config
  local beta1, beta2 = config.beta1 or 0.9, config.beta2 or 0.999
  local epsilon = config.epsilon or 1e-38
  local weightDecay = config.weightDecay or 0

  local fx, dfdx = opfunc(x)

  local n = dfdx:nElement()
  state.t = (state.t or 0) + 1
  state.m = state.m or x.new():resizeAs(dfdx):zero()
  state.u = state.u or x.new():resize(1, n):zero()
  state.max = state.max or x.new():resize(2, n):zero()
  local rate = (config.learningRate or 0.002) / (1 - beta1 ^ state.t)

  local kernel = fused(x, 'optim_adamax')
  if kernel then
    kernel(x, dfdx, state.m, state.u, rate, weightDecay, beta1, beta2, epsilon)
    return x, { fx }
  end
  if weightDecay ~= 0 then dfdx:add(weightDecay, x) end
  state.m:mul(beta1):add(1 - beta1, dfdx)
  state.u:mul(beta2)
  local magnitude = state.max:select(1, 1)
  magnitude:copy(dfdx):abs():add(epsilon)
  state.u:cmax(magnitude)
  x:addcdiv(-rate, state.m, state.u)

  return x, { fx }
end
