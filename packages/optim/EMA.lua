-- Exponential moving average of parameters (Polyak averaging with a fixed horizon), for evaluation.
--   local ema = optim.EMA(x, 0.999)      after each step: ema:update(x)
--   ema:swap(x) ... evaluate ... ema:swap(x)
local EMA = torch.class('optim.EMA')

-- With `warm`, early steps use min(decay, (1 + t) / (10 + t)), so that the start is forgotten sooner.
function EMA:__init(x, decay, warm)
  self.decay = decay or 0.999
  self.warm = warm or false
  self.t = 0
  self.average = x:clone()
end

function EMA:update(x)
  self.t = self.t + 1
  local decay = self.decay
  if self.warm then decay = math.min(decay, (1 + self.t) / (10 + self.t)) end
  self.average:mul(decay):add(1 - decay, x)
  return self
end

-- Exchanges the contents of x and of the average.
function EMA:swap(x)
  local kept = x:clone()
  x:copy(self.average)
  self.average:copy(kept)
  return self
end
