-- Limited-memory BFGS (Liu and Nocedal, 1989), with a fixed step or a line search.
-- config: maxIter, maxEval, tolFun, tolX, nCorrection, lineSearch, lineSearchOptions, learningRate, verbose.
-- state: funcEval, nIter, d, t, f_old, g_old, Hdiag, old_dirs (steps s), old_stps (changes y of the gradient), and
-- work space. Calling again with the same state goes on from there. Third result: evaluations of this call
-- (none when the start is already flat).

-- Keeps the newest step s = t*d and change of gradient y, when they show positive curvature.
local function remember(state, g, limit)
  local oldSteps, oldChanges = state.old_dirs, state.old_stps
  local y = table.remove(state.dir_bufs) or g.new():resizeAs(g)
  local s = table.remove(state.stp_bufs) or g.new():resizeAs(g)
  torch.add(y, g, -1, state.g_old)
  torch.mul(s, state.d, state.t)
  local ys = y:dot(s)
  if ys <= 1e-10 then
    table.insert(state.dir_bufs, y)
    table.insert(state.stp_bufs, s)
    return
  end
  if #oldSteps == limit then
    table.insert(state.stp_bufs, table.remove(oldSteps, 1))
    table.insert(state.dir_bufs, table.remove(oldChanges, 1))
    for i = 2, limit do state.ro[i - 1] = state.ro[i] end
  end
  table.insert(oldSteps, s)
  table.insert(oldChanges, y)
  state.ro[#oldSteps] = 1 / ys
  state.Hdiag = ys / y:dot(y)
end

-- d = -H g by the two-loop recursion over the pairs kept.
local function direction(state, g)
  local d, s, y, ro, al = state.d, state.old_dirs, state.old_stps, state.ro, state.al
  torch.mul(d, g, -1)
  for i = #s, 1, -1 do
    al[i] = s[i]:dot(d) * ro[i]
    d:add(-al[i], y[i])
  end
  d:mul(state.Hdiag)
  for i = 1, #s do d:add(al[i] - y[i]:dot(d) * ro[i], s[i]) end
end

function optim.lbfgs(opfunc, x, config, state)
  config = config or {}
  state = state or config
  local maxIter = config.maxIter or 20
  local maxEval = config.maxEval or maxIter * 1.25
  local tolFun, tolX = config.tolFun or 1e-5, config.tolX or 1e-9
  local nCorrection = config.nCorrection or 100
  local rate = config.learningRate or 1
  local lineSearch = config.lineSearch
  local report = config.verbose and function(...) print('<optim.lbfgs> ', ...) end or function() end
  state.funcEval = state.funcEval or 0
  state.nIter = state.nIter or 0

  local f, g = opfunc(x)
  local values, evaluations = { f }, 1
  state.funcEval = state.funcEval + 1

  state.tmp1 = state.tmp1 or g.new():resizeAs(g)
  local function sumAbs(v) return torch.abs(state.tmp1, v):sum() end
  local gradient = sumAbs(g)
  if gradient <= tolFun then
    report('optimality condition below tolFun')
    return x, values
  end

  if not state.dir_bufs then
    state.dir_bufs, state.stp_bufs = {}, {} -- tensors that wait to be used again
    state.ro, state.al = torch.DoubleTensor(nCorrection), torch.DoubleTensor(nCorrection)
  end

  local iterations = 0
  while iterations < maxIter do
    iterations = iterations + 1
    state.nIter = state.nIter + 1

    local first = state.nIter == 1
    if first then
      state.d = g:clone():mul(-1)
      state.old_dirs, state.old_stps, state.Hdiag = {}, {}, 1
      state.g_old = g:clone()
    else
      remember(state, g, nCorrection)
      direction(state, g)
      state.g_old:copy(g)
    end
    local d = state.d
    state.f_old = f

    local slope = g:dot(d)
    if slope > -tolX then break end
    state.t = first and math.min(1, 1 / gradient) * rate or rate

    local used = 0
    if lineSearch then
      f, g, x, state.t, used = lineSearch(opfunc, x, state.t, d, f, g, slope, config.lineSearchOptions)
      values[#values + 1] = f
    else
      x:add(state.t, d)
      if iterations < maxIter then -- the value after the last step is left to the next call
        f, g = opfunc(x)
        used = 1
        values[#values + 1] = f
      end
    end
    gradient = sumAbs(g)
    evaluations = evaluations + used
    state.funcEval = state.funcEval + used

    local reason
    if iterations == maxIter then reason = 'reached max number of iterations'
    elseif evaluations >= maxEval then reason = 'max nb of function evals'
    elseif gradient <= tolFun then reason = 'optimality condition below tolFun'
    elseif math.abs(state.t) * sumAbs(d) <= tolX then reason = 'step size below tolX'
    elseif math.abs(f - state.f_old) < tolX then reason = 'function value changing less than tolX' end
    if reason then
      report(reason)
      break
    end
  end
  return x, values, evaluations
end
