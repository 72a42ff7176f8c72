local Profile, parent = torch.class('nn.Profile', 'nn.Decorator')

function Profile:__init(module, print_interval, name)
  parent.__init(self, module)
  self.print_interval = print_interval or 100
  self.name = name or torch.type(module)
  self.module = module
  self.numFwds = 0
  self.numBwds = 0
  self.summedFwdTime = 0
  self.summedBwdTime = 0
  self.timer = torch.Timer()
end

local function report(self, seconds, passes, direction)
  print(('%s took %.3f seconds for %d %s passes'):format(self.name, seconds, passes, direction))
end

function Profile:updateOutput(input)
  self.timer:reset()
  self.output = self.module:updateOutput(input)
  self.summedFwdTime = self.summedFwdTime + self.timer:time().real
  self.numFwds = self.numFwds + 1
  if self.numFwds % self.print_interval == 0 then
    report(self, self.summedFwdTime, self.numFwds, 'forward')
    self.numFwds, self.summedFwdTime = 0, 0
  end
  return self.output
end

local function backward(self, run)
  self.timer:reset()
  run()
  self.summedBwdTime = self.summedBwdTime + self.timer:time().real
end

local function countBackward(self)
  self.numBwds = self.numBwds + 1
  if self.numBwds % self.print_interval == 0 then
    report(self, self.summedBwdTime, self.numBwds, 'backward')
    self.numBwds, self.summedBwdTime = 0, 0
  end
end

function Profile:updateGradInput(input, gradOutput)
  backward(self, function() self.gradInput = self.module:updateGradInput(input, gradOutput) end)
  return self.gradInput
end

-- The second half of a backward pass: the pass is counted here.
function Profile:accGradParameters(input, gradOutput, scale)
  backward(self, function() self.module:accGradParameters(input, gradOutput, scale) end)
  countBackward(self)
end

function Profile:backward(input, gradOutput, scale)
  backward(self, function() self.gradInput = self.module:backward(input, gradOutput, scale) end)
  countBackward(self)
  return self.gradInput
end
