require 'torch'

nn = {}

-- Every class, in the order of the documentation. A class file is loaded when its class is first used.
local classes = {
  -- base, containers, decorators
  'Module', 'Container', 'Sequential', 'Concat', 'DepthConcat', 'ConcatTable', 'Parallel', 'ParallelTable', 'MapTable',
  'CriterionTable', 'Decorator', 'Bottle', 'WeightNorm', 'DontCast', 'NaN', 'Profile', 'GPU', 'Copy', 'Convert',
  -- linear-like layers
  'Linear', 'LinearWeightNorm', 'Bilinear', 'PartialLinear', 'SparseLinear', 'IndexLinear', 'LookupTable', 'Add', 'Mul',
  'CAdd', 'CMul', 'Cosine', 'Euclidean', 'WeightedEuclidean', 'Maxout', 'LayerNormalization', 'Kmeans', 'MM', 'MV',
  'DotProduct', 'CosineDistance', 'PairwiseDistance', 'OneHot',
  -- convolutions
  'SpatialConvolution', 'SpatialConvolutionMM', 'SpatialDilatedConvolution', 'SpatialFullConvolution',
  'SpatialDepthWiseConvolution', 'SpatialConvolutionLocal', 'SpatialConvolutionMap', 'SpatialFullConvolutionMap',
  'TemporalConvolution', 'TemporalRowConvolution', 'VolumetricConvolution', 'VolumetricDilatedConvolution',
  'VolumetricFullConvolution',
  -- pooling, sub-sampling, upsampling, padding
  'SpatialMaxPooling', 'SpatialDilatedMaxPooling', 'SpatialAveragePooling', 'SpatialAdaptiveMaxPooling',
  'SpatialAdaptiveAveragePooling', 'SpatialLPPooling', 'SpatialFractionalMaxPooling', 'SpatialSubSampling',
  'TemporalSubSampling', 'TemporalMaxPooling', 'TemporalDynamicKMaxPooling', 'FeatureLPPooling', 'VolumetricMaxPooling',
  'VolumetricDilatedMaxPooling', 'VolumetricAveragePooling', 'VolumetricFractionalMaxPooling', 'SpatialMaxUnpooling',
  'VolumetricMaxUnpooling', 'SpatialUpSamplingNearest', 'UpSampling', 'SpatialUpSamplingBilinear', 'PixelShuffle',
  'SpatialZeroPadding', 'SpatialReflectionPadding', 'SpatialReplicationPadding', 'VolumetricReplicationPadding', 'Padding',
  -- normalisation
  'BatchNormalization', 'SpatialBatchNormalization', 'VolumetricBatchNormalization', 'SpatialCrossMapLRN',
  'SpatialSubtractiveNormalization', 'SpatialDivisiveNormalization', 'SpatialContrastiveNormalization', 'Normalize',
  'SpatialSoftMax', 'SpatialLogSoftMax',
  -- element-wise
  'Abs', 'Exp', 'Log', 'Sqrt', 'Square', 'Sigmoid', 'Tanh', 'Power', 'AddConstant', 'MulConstant', 'HardTanh', 'Clamp',
  'HardShrink', 'SoftShrink', 'Threshold', 'ReLU', 'ReLU6', 'LeakyReLU', 'ELU', 'PReLU', 'RReLU', 'CReLU', 'SoftPlus',
  'SoftSign', 'LogSigmoid', 'TanhShrink', 'SoftMax', 'LogSoftMax', 'SoftMin', 'GatedLinearUnit', 'GradientReversal',
  'Dropout', 'SpatialDropout', 'VolumetricDropout', 'WhiteNoise', 'L1Penalty', 'Identity', 'Contiguous', 'ZeroGrad',
  'PrintSize', 'Constant',
  -- shape and selection
  'Reshape', 'View', 'Transpose', 'Squeeze', 'Unsqueeze', 'Replicate', 'Select', 'Narrow', 'Index', 'MaskedSelect', 'Max',
  'Min', 'Sum', 'Mean', 'Collapse',
  -- tables
  'CAddTable', 'CSubTable', 'CMulTable', 'CDivTable', 'CMaxTable', 'CMinTable', 'CAddTensorTable', 'JoinTable', 'SplitTable',
  'SelectTable', 'NarrowTable', 'FlattenTable', 'MixtureTable', 'ZipTable', 'ZipTableOneToMany',
  -- criterions
  'Criterion', 'AbsCriterion', 'MSECriterion', 'SmoothL1Criterion', 'SpatialAutoCropMSECriterion', 'BCECriterion',
  'ClassNLLCriterion', 'CrossEntropyCriterion', 'SpatialClassNLLCriterion', 'ClassSimplexCriterion', 'MarginCriterion',
  'SoftMarginCriterion', 'HingeEmbeddingCriterion', 'L1HingeEmbeddingCriterion', 'CosineEmbeddingCriterion',
  'MarginRankingCriterion', 'MultiMarginCriterion', 'MultiLabelMarginCriterion', 'MultiLabelSoftMarginCriterion',
  'DistKLDivCriterion', 'DistanceRatioCriterion', 'L1Cost', 'WeightedMSECriterion', 'MultiCriterion', 'ParallelCriterion',
  'ModuleCriterion',
  -- tools
  'StochasticGradient',
}

-- Tables of functions, and the files that return them.
local tools = {
  utils = 'utils', Jacobian = 'Jacobian', SparseJacobian = 'SparseJacobian', hessian = 'hessian', tables = 'tables',
  init = 'initializers',
}

-- Classes beyond Torch7's: found by name, but not listed by pairs(nn).
local beyond = {
  'FusedLSTM', 'FusedGRU', 'MultiHeadAttention', 'TransformerEncoderLayer', 'LayerNorm', 'GroupNorm', 'RMSNorm', 'GELU', 'SiLU',
  'Swish',
  'GELU', 'SiLU', 'Swish', 'LayerNorm', 'GroupNorm', 'RMSNorm',
}

local isClass = {}
for _, list in ipairs{ classes, beyond } do
  for _, name in ipairs(list) do isClass[name] = true end
end

local function load(t, name)
  if isClass[name] then
    require('nn.' .. name)
  elseif tools[name] then
    rawset(t, name, require('nn.' .. tools[name]))
  end
  return rawget(t, name)
end

local function loadAll()
  for _, name in ipairs(classes) do load(nn, name) end
  for name in pairs(tools) do load(nn, name) end
end

setmetatable(nn, {
  __index = load,
  __pairs = function(t)
    loadAll()
    return next, t
  end,
})

-- Classes found by name: parents of other classes, and those in files.
torch._autoload.nn = function(name)
  load(nn, name:sub(4))
end

-- The names above, for tests and tools: Torch7's classes, then those beyond.
function nn.classes()
  local all = {}
  for i, name in ipairs(classes) do all[i] = name end
  local more = {}
  for i, name in ipairs(beyond) do more[i] = name end
  return all, more
end

-- Runs the package's own tests: all of them, or those of the given names.
function nn.test(names)
  local found, run = pcall(require, 'nn.test.all')
  if not found then error('the tests of nn are in the source tree: set TORCH9_PACKAGES to its folder packages', 2) end
  return run(names)
end
nn.testTHNN = nn.test

return nn
