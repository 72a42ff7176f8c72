-- Clipping of gradients. Each takes a gradient, which is changed in place, or an opfunc, of which it makes one that
-- returns clipped gradients: optim.adam(optim.clipGradNorm(feval, 5), x, config).

local function clipper(clip)
  return function(target, limit, ...)
    if torch.isTensor(target) then return clip(target, limit, ...) end
    local more = { ... }
    return function(x)
      local fx, dfdx = target(x)
      clip(dfdx, limit, unpack(more))
      return fx, dfdx
    end
  end
end

-- optim.clipGradNorm(g, max [, p=2]): scales g down to norm max (Pascanu, Mikolov and Bengio, 2013). -> norm before.
optim.clipGradNorm = clipper(function(g, max, p)
  local norm = g:norm(p or 2)
  if norm > max then g:mul(max / norm) end
  return norm
end)

-- optim.clipGradValue(g, max): every entry into [-max, max]. -> g
optim.clipGradValue = clipper(function(g, max) return g:clamp(-max, max) end)
