-- nn.gModule: the module made of all nodes between inputs and outputs.
-- bg is the graph from the outputs to the inputs, fg its reverse; their nodes are distinct but share `data`, in which a
-- pass leaves `input` (list by position) and `gradOutput` (list of gradients that arrived; by index for a split).
nngraph._ownSource()
local call = require('nngraph.call')
local sums = require('nngraph.sums')
local Plan = require('nngraph.plan')

local gModule, parent = torch.class('nn.gModule', 'nn.Container')

-- A node in front of the inputs, which it splits when there are several.
local function inputNode(inputs)
  local innode = nngraph.Node{ annotations = { _debugLabel = 'input' } }
  if #inputs == 1 then
    inputs[1]:add(innode, true)
    return innode
  end
  for _, input in ipairs(inputs) do assert(#input.children == 0, 'an input should have no inputs') end
  local parts = { innode:split(#inputs) }
  for i, input in ipairs(inputs) do input:add(parts[i], true) end
  return innode
end

-- Every root of the forward graph but innode is an input that was not given.
local function checkRoots(fg, innode)
  for _, root in ipairs(fg:roots()) do
    if root.data ~= innode.data then
      error('Expected nnop.Parameters node, found : ' .. tostring(torch.typename(root.data.module) or 'a node without module'), 3)
    end
  end
end

local function checkNodes(nodes)
  local inside = {}
  for _, node in ipairs(nodes) do inside[node.data] = true end
  for _, node in ipairs(nodes) do
    local data = node.data
    if data.nSplitOutputs and #node.children ~= data.nSplitOutputs then
      error(string.format('%d of split(%d) outputs from the node declared at %s are unused',
        data.nSplitOutputs - #node.children, data.nSplitOutputs, data.annotations._debugLabel), 3)
    end
    for user in pairs(data.reverseMap) do
      if not inside[user.data] then
        error(string.format('node declared on %s does not connect to gmodule output', user.data.annotations._debugLabel), 3)
      end
    end
  end
end

function gModule:__init(inputs, outputs)
  parent.__init(self)
  local outnode = nngraph.Node{ annotations = { _debugLabel = 'output' } }
  for i = 1, table.maxn(outputs) do outnode:add(call.checkNode(outputs[i], 'outputs', i), true) end
  for i = 1, table.maxn(inputs) do call.checkNode(inputs[i], 'inputs', i) end
  assert(#inputs > 0, 'no inputs are not supported')
  local innode = inputNode(inputs)

  self.bg = outnode:graph()
  self.fg = self.bg:reverse()
  checkRoots(self.fg, innode)
  self.forwardnodes = self.fg:topsort()
  self.backwardnodes = self.bg:topsort()
  checkNodes(self.forwardnodes)

  for _, node in ipairs(self.forwardnodes) do
    node.data.forwardNodeId = node.id
    if node.data.module then self:add(node.data.module) end
    if node.data == innode.data then self.innode = node end
    if node.data == outnode.data then self.outnode = node end
  end
  self.nInputs = #inputs
  self.verbose = false
  self.output, self.gradInput = nil, nil
  if #outnode.data.mapindex > 1 then
    self.outnode.data.input = {}
    self.output = self.outnode.data.input
  end
end

local function only(list, n) -- one entry bare, several as their table
  if n == 1 then return list[1] end
  return list
end

local function checkInput(self, input)
  if self.nInputs <= 1 then return end
  if type(input) ~= 'table' then error('expecting table of ' .. self.nInputs .. ' inputs', 4) end
  if #input ~= self.nInputs then error(string.format('Got %d inputs instead of %d', #input, self.nInputs), 4) end
end

local function splitError(n, value)
  error(string.format('split(%d) cannot split %d outputs', n, type(value) == 'table' and #value or 1), 4)
end

local function deliver(step, value)
  local to, at = step.to, step.at
  for k = 1, #to do
    local data = to[k]
    local list = data.input
    if list then list[at[k]] = value else data.input = { [at[k]] = value } end
  end
end

local function updateOutput(module, input) return module:updateOutput(input) end

local fusing = true

-- LSTM cells made of modules run in one kernel, and the modules inside keep no outputs. On by default.
function nngraph.setFusion(on) fusing = on end

-- Runs f(module, input), or the method named f, through the graph and returns the output.
function gModule:runForwardFunction(f, input)
  if type(f) == 'string' then
    local name = f
    f = function(module, x) return module[name](module, x) end
  end
  checkInput(self, input)
  local innode, outnode = self.innode.data, self.outnode.data
  innode.input = innode.input or {}
  innode.input[1] = input

  local steps = Plan.of(self).forward
  for i = 1, #steps do
    local step = steps[i]
    local data, kind, cell = step.data, step.kind, step.cell
    if cell and data == cell.source then cell.active = fusing and f == updateOutput and cell:fits() end
    if cell and cell.active then
      if data == cell.nextC then
        local nextC, nextH = cell:forward()
        deliver(step, nextC)
        deliver(cell.output, nextH)
      end
    elseif kind ~= 'output' then
      local value = only(data.input, step.n)
      if kind == 'module' then value = f(data.module, value)
      elseif kind == 'input' then value = input
      elseif kind == 'select' then value = value[data.selectindex]
      elseif type(value) ~= 'table' or #value ~= data.nSplitOutputs then splitError(data.nSplitOutputs, value) end
      deliver(step, value)
    end
  end
  return only(outnode.input, #outnode.mapindex)
end

function gModule:updateOutput(input)
  self.output = nngraph._debugged(self, self.runForwardFunction, updateOutput, input)
  return self.output
end

local function arrive(data, gradient)
  local list = data.gradOutput
  list[#list + 1] = gradient
end

function gModule:updateGradInput(input, gradOutput)
  local outnode, innode = self.outnode.data, self.innode.data
  local nOutputs = #outnode.mapindex
  if nOutputs > 1 and (type(gradOutput) ~= 'table' or #gradOutput ~= nOutputs) then
    error(string.format('Got %d gradOutputs instead of %d', type(gradOutput) == 'table' and #gradOutput or 1, nOutputs), 3)
  end

  local steps = Plan.of(self).backward
  for i = 1, #steps do
    local data = steps[i].data
    local list = data.gradOutput
    if not list then data.gradOutput = {}
    else for k in pairs(list) do list[k] = nil end end
  end

  for i = 1, #steps do
    local step = steps[i]
    local data, kind, n, cell = step.data, step.kind, step.n, step.cell
    if cell and cell.active then
      if data == cell.nextC then
        local gradSums, gradC = cell:backward(sums.total(data), sums.total(cell.nextH))
        for _, from in ipairs(cell.source.mapindex) do arrive(from, gradSums) end
        arrive(cell.c, gradC)
      end
    elseif kind == 'module' then
      local gradInput = data.module:updateGradInput(only(data.input, n), sums.total(data))
      if n == 1 then arrive(data.mapindex[1], gradInput)
      else for k = 1, n do arrive(data.mapindex[k], gradInput[k]) end end
    elseif kind == 'select' then
      data.mapindex[1].gradOutput[data.selectindex] = sums.total(data)
    elseif kind == 'split' then
      arrive(data.mapindex[1], data.gradOutput)
    elseif kind == 'output' then
      for k = 1, n do arrive(data.mapindex[k], n == 1 and gradOutput or gradOutput[k]) end
    end
  end
  self.gradInput = sums.total(innode)
  return self.gradInput
end

function gModule:accGradParameters(input, gradOutput, scale)
  local steps = Plan.of(self).backward
  for i = 1, #steps do
    local step = steps[i]
    local data = step.data
    if step.kind == 'module' and not (step.cell and step.cell.active) then
      data.module:accGradParameters(only(data.input, step.n), sums.last(data), scale)
    end
  end
end

-- f(mine, theirs) for the modules of two graphs of the same structure
function gModule:map(other, f)
  for i, node in ipairs(self.forwardnodes) do
    local twin = other.forwardnodes[i]
    assert(twin and (node.data.module == nil) == (twin.data.module == nil),
      'trying to map another gModule with a different structure')
    if node.data.module then f(node.data.module, twin.data.module) end
  end
end

function gModule:replace(f)
  local before = {}
  for i, module in ipairs(self.modules) do before[i] = module end
  local out = parent.replace(self, f)
  local now = {}
  for i, module in ipairs(before) do now[module] = self.modules[i] end
  for _, node in ipairs(self.forwardnodes) do
    local data = node.data
    if data.module then data.module = now[data.module] end
  end
  Plan.forget(self)
  return out
end

local function forget(self) -- what the last pass left in the nodes
  Plan.forget(self)
  for _, node in ipairs(self.forwardnodes) do
    node.data.input, node.data.gradOutput, node.data.gradOutputBuffer = nil, nil, nil
  end
end

function gModule:type(type, ...)
  if type then forget(self) end
  return parent.type(self, type, ...)
end

function gModule:clearState()
  forget(self)
  return parent.clearState(self)
end

-- Files of older versions lack the list of modules.
function gModule:read(file)
  for key, value in pairs(file:readObject()) do self[key] = value end
  if not self.modules then
    self.modules = {}
    for _, node in ipairs(self.forwardnodes) do
      if node.data.module then table.insert(self.modules, node.data.module) end
    end
  end
end

function gModule:__tostring__() return self.name or torch.type(self) end
