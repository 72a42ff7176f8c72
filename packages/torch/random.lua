-- Walker's alias method, as a table {aliases, probabilities}.
local torch = torch

function torch.multinomialAliasSetup(probs, state)
  if not torch.isTensor(probs) then error('torch.multinomialAliasSetup: tensor expected, got ' .. torch.type(probs), 2) end
  state = torch.type(state) == 'table' and state or {torch.LongTensor(), probs.new()}
  probs.multinomialAliasSetup_(state[1], state[2], probs)
  return state
end

function torch.multinomialAlias(output, state)
  if torch.type(state) ~= 'table' or not torch.isTensor(state[2]) then
    error('torch.multinomialAlias: the table of multinomialAliasSetup expected', 2)
  end
  state[2].multinomialAlias_(output, state[1], state[2])
  return output
end
