-- Attention, then a network of two layers on every step, each with normalisation in front and a short cut around:
--   x + attention(norm(x)),   then   x + feedForward(norm(x))
local TransformerEncoderLayer, parent = torch.class('nn.TransformerEncoderLayer', 'nn.Sequential')

local function around(...)
  local inner = nn.Sequential()
  for _, module in ipairs{ ... } do inner:add(module) end
  return nn.Sequential():add(nn.ConcatTable():add(nn.Identity()):add(inner)):add(nn.CAddTable())
end

function TransformerEncoderLayer:__init(size, heads, hiddenSize, dropout, causal)
  parent.__init(self)
  hiddenSize = hiddenSize or 4 * size
  local function dropped(module)
    if not dropout or dropout == 0 then return module end
    return nn.Sequential():add(module):add(nn.Dropout(dropout))
  end
  self.attention = nn.MultiHeadAttention(size, heads, causal)
  local feedForward = nn.Sequential()
    :add(nn.Bottle(nn.Linear(size, hiddenSize)))
    :add(nn.GELU())
    :add(nn.Bottle(nn.Linear(hiddenSize, size)))
  self:add(around(nn.LayerNorm(size), dropped(self.attention)))
  self:add(around(nn.LayerNorm(size), dropped(feedForward)))
end

function TransformerEncoderLayer:setMask(mask)
  self.attention:setMask(mask)
  return self
end
