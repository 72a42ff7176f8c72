-- Connection tables of convolutions by map: rows (input plane, output plane).
local tables = {}

function tables.full(nin, nout)
  local connections = torch.Tensor(nin * nout, 2)
  local row = 1
  for to = 1, nout do
    for from = 1, nin do
      connections[row][1], connections[row][2] = from, to
      row = row + 1
    end
  end
  return connections
end

function tables.oneToOne(n)
  local connections = torch.Tensor(n, 2)
  for plane = 1, n do
    connections[plane][1], connections[plane][2] = plane, plane
  end
  return connections
end

-- Every output plane is connected to nto input planes. Inputs are drawn in rounds, each a permutation of all of them,
-- so that they are used equally often.
function tables.random(nin, nout, nto)
  assert(nto <= nin, 'an output plane cannot have more connections than there are input planes')
  local connections = torch.Tensor(nout * nto, 2)
  local pool, at = torch.randperm(nin), 1
  local row = 1
  for to = 1, nout do
    local used, taken = {}, 0
    while taken < nto do
      if at > nin then pool, at = torch.randperm(nin), 1 end
      local from = pool[at]
      at = at + 1
      if not used[from] then
        used[from] = true
        taken = taken + 1
        connections[row][1], connections[row][2] = from, to
        row = row + 1
      end
    end
  end
  return connections
end

return tables
