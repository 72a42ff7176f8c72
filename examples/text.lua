-- Texts as numbers, for the language models.
require 'torch'

local text = {}

-- -> LongTensor of character numbers, list of the characters in order
function text.encode(content)
  local seen, characters, number = {}, {}, {}
  for c in content:gmatch('.') do seen[c] = true end
  for c in pairs(seen) do table.insert(characters, c) end
  table.sort(characters)
  for k, c in ipairs(characters) do number[c:byte()] = k end
  local codes = torch.ByteTensor(torch.ByteStorage():string(content)):long()
  return codes:apply(function(b) return number[b] end), characters
end

-- number by character
function text.numbers(characters)
  local number = {}
  for k, c in ipairs(characters) do number[c] = k end
  return number
end

-- A character drawn from a vector of log-probabilities; temperatures below 1 prefer the likely ones.
function text.draw(logProbabilities, temperature)
  local p = torch.div(logProbabilities, temperature)
  return torch.multinomial(p:add(-p:max()):exp(), 1)[1]
end

return text
