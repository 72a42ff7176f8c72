-- Layer normalisation (Ba, Kiros and Hinton, 2016) as a chain of simple modules.
local LayerNormalization, parent = torch.class('nn.LayerNormalization', 'nn.Sequential')

function LayerNormalization:__init(nOutput, bias, eps, affine)
  parent.__init(self)
  self:add(nn.ConcatTable()
    :add(nn.Identity())
    :add(nn.Sequential():add(nn.Mean(1, 1)):add(nn.Replicate(nOutput, 1, 1))))
  self:add(nn.CSubTable())
  self:add(nn.Normalize(2, eps or 1e-10))
  self:add(nn.MulConstant(math.sqrt(nOutput)))
  if affine == nil or affine then
    local factor, offset = nn.CMul(nOutput), nn.Add(nOutput, false)
    factor.weight:fill(1)
    offset.bias:fill(bias or 0)
    self:add(factor):add(offset)
  end
end
