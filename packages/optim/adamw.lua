-- Adam with decoupled weight decay (Loshchilov and Hutter, 2017, arXiv:1711.05101): the decay shrinks the parameters by
-- rate * weightDecay and stays out of the running means.
-- config: as optim.adam, with weightDecay 0.01 by default. state: as optim.adam.
function optim.adamw(opfunc, x, config, state)
  config = config or {}
  state = state or config
  local decay = config.weightDecay or 0.01
  local rate = (config.learningRate or 1e-3) / (1 + (state.t or 0) * (config.learningRateDecay or 0))
  local plain = setmetatable({ weightDecay = 0 }, { __index = config })
  return optim.adam(function(x)
    local fx, dfdx = opfunc(x)
    x:mul(1 - rate * decay)
    return fx, dfdx
  end, x, plain, state)
end
