-- Adadelta (Zeiler, 2012, arXiv:1212.5701).
-- config: rho, eps, weightDecay.
-- state: evalCounter, paramVariance and accDelta (running means of squared gradients and steps), paramStd, delta.
local fused = require('optim.fused')

function optim.adadelta(opfunc, x, config, state)
  if config == nil and state == nil then print('no state table, ADADELTA initializing') end
  config = config or {}
  state = state or config
  local rho, eps = config.rho or 0.9, config.eps or 1e-6
  local weightDecay = config.weightDecay or 0

  local fx, dfdx = opfunc(x)

  state.evalCounter = (state.evalCounter or 0) + 1
  state.paramVariance = state.paramVariance or x.new():resizeAs(dfdx):zero()
  state.paramStd = state.paramStd or x.new():resizeAs(dfdx):zero()
  state.delta = state.delta or x.new():resizeAs(dfdx)
  state.accDelta = state.accDelta or x.new():resizeAs(dfdx):zero()

  local kernel = fused(x, 'optim_adadelta')
  if kernel then
    kernel(x, dfdx, state.paramVariance, state.accDelta, state.delta, weightDecay, rho, eps)
    return x, { fx }
  end
  if weightDecay ~= 0 then dfdx:add(weightDecay, x) end
  state.paramVariance:mul(rho):addcmul(1 - rho, dfdx, dfdx)
  state.paramStd:copy(state.paramVariance):add(eps):sqrt()
  state.delta:copy(state.accDelta):add(eps):sqrt():cdiv(state.paramStd):cmul(dfdx)
  x:add(-1, state.delta)
  state.accDelta:mul(rho):addcmul(1 - rho, state.delta, state.delta)

  return x, { fx }
end
