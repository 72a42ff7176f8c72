-- FISTA with a line search on the Lipschitz constant (Beck and Teboulle, 2009): minimises f(x) + g(x), f smooth.
-- f(x, mode): value, and gradient when mode is 'dx'; g(x): value; pl(x, L): in place, argmin of g(.) + L/2 |. - x|^2.
-- params: L, Lstep, maxiter, maxline, errthres, doFistaUpdate, verbose; work space xkm, y, ply; L is written back.
-- -> the minimiser (also in xinit), list of {nline, L, F, Fply, Gply, Q}, an entry an iteration.
function optim.FistaLS(f, g, pl, xinit, params)
  params = params or {}
  local L, Lstep = params.L or 0.1, params.Lstep or 1.5
  local maxiter, maxline = params.maxiter or 50, params.maxline or 20
  local errthres = params.errthres or 1e-4
  local accelerate = params.doFistaUpdate

  local previous = (params.xkm or xinit.new()):resizeAs(xinit):zero()
  local y = (params.y or xinit.new()):resizeAs(xinit):zero()
  local step = (params.ply or xinit.new()):resizeAs(xinit)
  params.xkm, params.y, params.ply = previous, y, step

  local x = xinit
  local t, lastF, history = 1, math.huge, {}
  for iteration = 1, maxiter do
    local fy, gradient = f(y, 'dx')

    local trials, Q = 0
    while true do
      x:copy(y):add(-1 / L, gradient)
      pl(x, L)
      step:copy(x)
      local fx = f(step)
      step:add(-1, y)
      Q = fy + gradient:dot(step) + L / 2 * step:dot(step)
      trials = trials + 1
      if fx <= Q then break end
      if trials > maxline then -- no better point
        x:copy(previous)
        break
      end
      L = L * Lstep
    end

    if accelerate then
      local nextT = (1 + math.sqrt(1 + 4 * t * t)) / 2
      y:copy(x):add((1 - t) / nextT, previous:add(-1, x))
      previous:copy(x)
      t = nextT
    else
      y:copy(x)
    end

    local smooth, other = f(y), g(y)
    local F = smooth + other
    history[iteration] = { nline = trials, L = L, F = F, Fply = smooth, Gply = other, Q = Q }
    if params.verbose then
      print(string.format('iteration %d, line search %d, L %g, F %g (f %g, g %g), Q %g', iteration, trials, L, F, smooth, other, Q))
    end
    if math.abs(lastF - F) <= errthres then break end
    lastF = F
  end

  x:copy(y)
  params.L = L
  return x, history
end
