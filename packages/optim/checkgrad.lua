-- Compares the gradient of opfunc at x with central differences.
-- -> |dC - estimate| / |dC + estimate|, dC, estimate. x is left as it was.
function optim.checkgrad(opfunc, x, eps)
  eps = eps or 1e-7
  local function value()
    local f = opfunc(x)
    return torch.isTensor(f) and f:sum() or f
  end

  local _, dC = opfunc(x)
  dC = dC:clone()
  local estimate = dC.new():resizeAs(dC)
  local flat, flatEstimate = x:view(-1), estimate:view(-1)
  for i = 1, flat:size(1) do
    local original = flat[i]
    flat[i] = original + eps
    local above = value()
    flat[i] = original - eps
    local below = value()
    flat[i] = original
    flatEstimate[i] = (above - below) / (2 * eps)
  end
  return torch.norm(dC - estimate) / torch.norm(dC + estimate), dC, estimate
end
