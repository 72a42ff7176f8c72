-- Adagrad (Duchi, Hazan and Singer, 2011).
-- config: learningRate, learningRateDecay, weightDecay.
-- state: evalCounter, paramVariance (sum of squared gradients), paramStd.
local fused = require('optim.fused')

function optim.adagrad(opfunc, x, config, state)
  if config == nil and state == nil then print('no state table, ADAGRAD initializing') end
  config = config or {}
  state = state or config
  local weightDecay = config.weightDecay or 0
  local count = state.evalCounter or 0
  local rate = (config.learningRate or 1e-3) / (1 + count * (config.learningRateDecay or 0))

  local fx, dfdx = opfunc(x)

  state.paramVariance = state.paramVariance or x.new():resizeAs(dfdx):zero()
  state.paramStd = state.paramStd or x.new():resizeAs(dfdx):zero()

  state.evalCounter = count + 1
  local kernel = fused(x, 'optim_adagrad')
  if kernel then
    kernel(x, dfdx, state.paramVariance, rate, weightDecay)
    return x, { fx }
  end
  if weightDecay ~= 0 then dfdx:add(weightDecay, x) end
  state.paramVariance:addcmul(1, dfdx, dfdx)
  state.paramStd:copy(state.paramVariance):sqrt():add(1e-10)
  x:addcdiv(-rate, dfdx, state.paramStd)

  return x, { fx }
end
