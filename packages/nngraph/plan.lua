-- The order of work in a gModule, looked up once: a step a node, with the places where its value goes.
--   step: data, n (inputs), kind, to (data of the users), at (positions there), cell (see lstm.lua)
local Cell = require('nngraph.lstm')

local plans = setmetatable({}, { __mode = 'k' }) -- apart from the modules, which are saved to files

local function kindOf(data, innode, outnode)
  if data == innode then return 'input' end
  if data == outnode then return 'output' end
  if data.nSplitOutputs then return 'split' end
  if data.selectindex then return 'select' end
  return 'module'
end

local function build(self)
  local steps, plan = {}, { forward = {}, backward = {} }
  for i, node in ipairs(self.forwardnodes) do
    local data = node.data
    local step = { data = data, n = #data.mapindex, to = {}, at = {} }
    step.kind = kindOf(data, self.innode.data, self.outnode.data)
    for k, child in ipairs(node.children) do
      step.to[k], step.at[k] = child.data, child.data.mapindex[data]
    end
    plan.forward[i], steps[data] = step, step
  end
  for i, node in ipairs(self.backwardnodes) do plan.backward[i] = steps[node.data] end
  Cell.find(plan.forward, steps)
  return plan
end

local Plan = {}

function Plan.of(self)
  local plan = plans[self]
  if not plan then
    plan = build(self)
    plans[self] = plan
  end
  return plan
end

function Plan.forget(self) plans[self] = nil end

return Plan
