-- The call operator of modules and criteria, and the operators that chain them.
nngraph._ownSource()

local call = {}

-- Raises for anything but a node; `list` is the name of the table in the messages.
function call.checkNode(node, list, i)
  if torch.isTypeOf(node, 'nngraph.Node') then return node end
  local place = string.format('%s[%d]', list, i)
  if node == nil then
    error(place .. ' is nil (typo / bad index?)', 3)
  elseif torch.isTypeOf(node, 'nn.Module') then
    error(string.format('%s is an nn.Module, specifically a %s, but the only valid thing to pass is an instance of ' ..
      'nngraph.Node. Did you forget a second set of parens, which convert a nn.Module to a nngraph.Node?', place, torch.type(node)), 3)
  end
  error(string.format('%s should be an nngraph.Node but is of type %s', place, torch.type(node)), 3)
end

-- module(): an input node; module(node) or module{node, ...}: a node behind others.
function nn.Module.__call__(self, ...)
  local count, input = select('#', ...), ...
  if count > 1 then error('Use {input1, input2} to pass multiple inputs.', 2) end
  local node = nngraph.Node{ module = self }
  if count == 0 then return node end

  if torch.type(input) ~= 'table' then input = { input } end
  local n = table.maxn(input)
  if n == 0 and count == 1 then
    if (...) == nil then n = 1
    else
      error('cannot pass an empty table of inputs. To indicate no incoming connections, leave the second set of parens blank.', 2)
    end
  end
  for i = 1, n do
    local from = call.checkNode(input[i], 'inputs', i)
    node:add(from, true)
    from.data.reverseMap[node] = true
  end
  return node
end

function nn.Criterion.__call__(self, ...)
  return nn.ModuleFromCriterion(self)(...)
end

-- -module is module(); a - b is b(a)
local function chain(from, to) return to(from) end
function nn.Module.__unm__(self) return self() end
nn.Module.__sub__ = chain
nngraph.Node.__sub__ = chain

return call
