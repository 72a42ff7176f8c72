-- The diagonal of the Gauss-Newton approximation of the Hessian, propagated backwards (LeCun et al., Efficient BackProp).
-- For y = f(x): h_x = (df/dx)^2 h_y, element by element, summed over outputs; the same for parameters.
local hessian = {}

-- A result of updateGradInput that is kept apart from the module's gradients.
local function apart(module, compute)
  local gradInput = module.gradInput
  module.diagHessianInput = module.diagHessianInput or module.output.new()
  module.gradInput = module.diagHessianInput
  compute()
  module.diagHessianInput = module.gradInput
  module.gradInput = gradInput
  return module.diagHessianInput
end

-- Linear in its input: back-propagation through the squared weights.
local function linearInput(self, input, diagHessianOutput)
  return apart(self, function()
    local weight = self.weight
    self.weight = torch.cmul(weight, weight)
    self:updateGradInput(input, diagHessianOutput)
    self.weight = weight
  end)
end

-- Linear in its parameters: accumulation over the squared input.
local function linearParameters(self, input, diagHessianOutput)
  local gradWeight, gradBias = self.gradWeight, self.gradBias
  self.gradWeight, self.gradBias = self.diagHessianWeight, self.diagHessianBias
  local square = torch.cmul(input, input)
  self:updateOutput(square) -- kernels may keep what they made of the input
  self:accGradParameters(square, diagHessianOutput, 1)
  self:updateOutput(input)
  self.gradWeight, self.gradBias = gradWeight, gradBias
end

local function initParameters(self)
  if self.weight then self.diagHessianWeight = self.weight.new():resizeAs(self.weight):zero() end
  if self.bias then self.diagHessianBias = self.bias.new():resizeAs(self.bias):zero() end
end

-- Element by element: the derivative applies twice.
local function pointwise(self, input, diagHessianOutput)
  return apart(self, function()
    local once = self:updateGradInput(input, diagHessianOutput):clone()
    self:updateGradInput(input, once)
  end)
end

-- Moves or copies elements: the second derivative takes the gradient's way.
local function moved(self, input, diagHessianOutput)
  return apart(self, function() self:updateGradInput(input, diagHessianOutput) end)
end

local linear = { 'Linear', 'SpatialConvolution', 'SpatialConvolutionMM', 'SpatialFullConvolution', 'SpatialConvolutionMap',
  'SpatialFullConvolutionMap', 'TemporalConvolution', 'VolumetricConvolution' }
local elementwise = { 'Tanh', 'TanhShrink', 'Sigmoid', 'Square', 'Sqrt', 'Abs', 'Exp', 'Log', 'HardTanh', 'HardShrink', 'SoftShrink',
  'Threshold', 'SoftPlus', 'SoftSign', 'LogSigmoid', 'ELU', 'LeakyReLU', 'MulConstant' }
local moving = { 'Identity', 'Reshape', 'View', 'Transpose', 'Squeeze', 'Unsqueeze', 'Select', 'Narrow', 'AddConstant',
  'SpatialZeroPadding', 'SpatialMaxPooling' }

local function parametersWithHessian(self)
  local weight, bias = self.weight, self.bias
  local h = {}
  if weight then h[#h + 1] = self.diagHessianWeight end
  if bias then h[#h + 1] = self.diagHessianBias end
  if weight and bias then
    return { weight, bias }, { self.gradWeight, self.gradBias }, h
  elseif weight then
    return { weight }, { self.gradWeight }, h
  elseif bias then
    return { bias }, { self.gradBias }, h
  end
end

local function containerParameters(self)
  local w, g, h = {}, {}, {}
  for _, module in ipairs(self.modules) do
    local mw, mg, mh = module:parameters()
    for i = 1, mw and #mw or 0 do
      w[#w + 1], g[#g + 1] = mw[i], mg[i]
    end
    for i = 1, mh and #mh or 0 do h[#h + 1] = mh[i] end
  end
  return w, g, h
end

local enabled = false

function hessian.enable()
  if enabled then return end
  enabled = true
  local Module, Container, Sequential = nn.Module, nn.Container, nn.Sequential

  function Module:updateDiagHessianInput()
    error(torch.typename(self) .. ':updateDiagHessianInput() is undefined!')
  end
  function Module:accDiagHessianParameters() end
  function Module:initDiagHessianParameters() end
  Module.parameters = parametersWithHessian

  function Module:getParameters()
    local w, g, h = self:parameters()
    local flatW, flatG = Module.flatten(w), Module.flatten(g)
    return flatW, flatG, h and #h > 0 and Module.flatten(h) or nil
  end

  for _, name in ipairs(linear) do
    nn[name].updateDiagHessianInput = linearInput
    nn[name].accDiagHessianParameters = linearParameters
    nn[name].initDiagHessianParameters = initParameters
  end
  for _, name in ipairs(elementwise) do nn[name].updateDiagHessianInput = pointwise end
  for _, name in ipairs(moving) do nn[name].updateDiagHessianInput = moved end

  Container.parameters = containerParameters
  function Container:initDiagHessianParameters()
    for _, module in ipairs(self.modules) do module:initDiagHessianParameters() end
  end

  function Sequential:updateDiagHessianInput(input, diagHessianOutput)
    for i = #self.modules, 1, -1 do
      local from = i > 1 and self.modules[i - 1].output or input
      diagHessianOutput = self.modules[i]:updateDiagHessianInput(from, diagHessianOutput)
    end
    self.diagHessianInput = diagHessianOutput
    return diagHessianOutput
  end

  function Sequential:accDiagHessianParameters(input, diagHessianOutput)
    for i = #self.modules, 1, -1 do
      local from = i > 1 and self.modules[i - 1].output or input
      self.modules[i]:accDiagHessianParameters(from, diagHessianOutput)
      diagHessianOutput = self.modules[i].diagHessianInput
    end
  end

  function nn.Criterion:updateDiagHessianInput()
    error(torch.typename(self) .. ':updateDiagHessianInput() is undefined!')
  end
  local function square(self, input)
    self.diagHessianInput = self.diagHessianInput or input.new()
    return self.diagHessianInput:resizeAs(input):fill(self.sizeAverage and 2 / input:nElement() or 2)
  end
  nn.MSECriterion.updateDiagHessianInput = square
  nn.WeightedMSECriterion.updateDiagHessianInput = square
  function nn.L1Cost:updateDiagHessianInput(input)
    self.diagHessianInput = self.diagHessianInput or input.new()
    return self.diagHessianInput:resizeAs(input):zero()
  end
end

return hessian
