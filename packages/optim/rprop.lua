-- Resilient backpropagation (Riedmiller and Braun, 1993), with the gradient forgotten where its sign turned.
-- config: stepsize, etaplus, etaminus, stepsizemax, stepsizemin, niter.
-- state: delta (last gradient), stepsize, sign, psign, nsign, zsign, dminmax.
function optim.rprop(opfunc, x, config, state)
  config = config or {}
  state = state or config
  local first = config.stepsize or 0.1
  local grow, shrink = config.etaplus or 1.2, config.etaminus or 0.5
  local largest, smallest = config.stepsizemax or 50, config.stepsizemin or 1e-6

  local values = {}
  for i = 1, config.niter or 1 do
    local fx, dfdx = opfunc(x)
    values[i] = fx
    if not state.delta then
      state.delta = dfdx.new():resizeAs(dfdx):zero()
      state.stepsize = dfdx.new():resizeAs(dfdx):fill(first)
      state.sign = dfdx.new():resizeAs(dfdx)
      for _, name in ipairs{ 'psign', 'nsign', 'zsign', 'dminmax' } do state[name] = torch.ByteTensor(dfdx:size()) end
    end

    local turned = torch.sign(state.sign, torch.cmul(state.sign, dfdx, state.delta))
    turned.gt(state.psign, turned, 0)
    turned.lt(state.nsign, turned, 0)
    turned.eq(state.zsign, turned, 0)

    -- from the sign of the turn to the factor of the step
    turned:maskedFill(state.psign, grow)
    turned:maskedFill(state.nsign, shrink)
    turned:maskedFill(state.zsign, 1)
    state.stepsize:cmul(turned):clamp(smallest, largest)

    dfdx:maskedFill(state.nsign, 0)
    x:addcmul(-1, torch.sign(state.sign, dfdx), state.stepsize)
    state.delta:copy(dfdx)
  end
  return x, values
end
