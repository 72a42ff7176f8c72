-- RMSprop (Tieleman and Hinton, 2012, lecture 6.5 of their course).
-- config: learningRate, alpha, epsilon, weightDecay, initialMean.
-- state: m (running mean of squared gradients), tmp.
local fused = require('optim.fused')

function optim.rmsprop(opfunc, x, config, state)
  config = config or {}
  state = state or config
  local rate = config.learningRate or 1e-2
  local alpha = config.alpha or 0.99
  local epsilon = config.epsilon or 1e-8
  local weightDecay = config.weightDecay or 0

  local fx, dfdx = opfunc(x)

  state.m = state.m or x.new():resizeAs(dfdx):fill(config.initialMean or 0)
  state.tmp = state.tmp or x.new():resizeAs(dfdx):zero()

  local kernel = fused(x, 'optim_rmsprop')
  if kernel then
    kernel(x, dfdx, state.m, rate, weightDecay, alpha, epsilon)
    return x, { fx }
  end
  if weightDecay ~= 0 then dfdx:add(weightDecay, x) end
  state.m:mul(alpha):addcmul(1 - alpha, dfdx, dfdx)
  state.tmp:copy(state.m):sqrt():add(epsilon)
  x:addcdiv(-rate, dfdx, state.tmp)

  return x, { fx }
end
