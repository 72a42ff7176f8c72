-- Finds LSTM cells that are spelled out in modules, so that a pass can run each in one kernel:
--   i, f, o, g = SplitTable(2)(Reshape(4, size)(sums)):split(4), or four SelectTable; sigmoids of three, the tanh of one
--   nextC = CAddTable{CMulTable{f, c}, CMulTable{i, g}},  nextH = CMulTable{o, Tanh(nextC)}
-- The four parts may come in any order, the two factors of a product too. Sums that are a CAddTable of two Linear belong
-- to the cell as well.

local function class(data, name)
  local module = data and data.module
  return module and torch.typename(module) == name and not module.inplace and
    rawget(module, 'updateOutput') == nil and rawget(module, 'updateGradInput') == nil
end

-- Calls match(a, b) on both orders of the two inputs of a node until one gives a result.
local function eitherWay(data, match)
  local a, b = data.mapindex[1], data.mapindex[2]
  return match(a, b) or match(b, a)
end

-- The part of a table that a node applies its function to, and which part that is.
local function gate(data, name)
  local from = class(data, name) and #data.mapindex == 1 and data.mapindex[1]
  return from and (from.selectindex or class(from, 'nn.SelectTable') and #from.mapindex == 1) and from
end
local function place(part) return part.selectindex or part.module.index end

local function product(data) return class(data, 'nn.CMulTable') and #data.mapindex == 2 end

local Cell = {}
Cell.__index = Cell

-- next cell -> {f, c}, {i, g} and the parts
local function matchSums(nextC)
  if not class(nextC, 'nn.CAddTable') or #nextC.mapindex ~= 2 then return end
  return eitherWay(nextC, function(keep, write)
    if not product(keep) or not product(write) then return end
    local cell = eitherWay(keep, function(f, c)
      local part = gate(f, 'nn.Sigmoid')
      return part and { keep = keep, write = write, f = f, fPart = part, c = c }
    end)
    return cell and eitherWay(write, function(i, g)
      cell.i, cell.g = i, g
      cell.iPart, cell.gPart = gate(i, 'nn.Sigmoid'), gate(g, 'nn.Tanh')
      return cell.iPart and cell.gPart and cell
    end)
  end)
end

local function matchOutput(cell, nextC, steps)
  for _, squash in ipairs(steps[nextC].to) do
    if class(squash, 'nn.Tanh') and #steps[squash].to == 1 and product(steps[squash].to[1]) then
      local nextH = steps[squash].to[1]
      local found = eitherWay(nextH, function(o, t)
        cell.o, cell.oPart = o, gate(o, 'nn.Sigmoid')
        return t == squash and cell.oPart
      end)
      if found then
        cell.squash, cell.nextH = squash, nextH
        return true
      end
    end
  end
end

-- The plumbing between sums and gates, if the four are all that comes of them.
local function matchSource(cell, steps)
  local whole = cell.fPart.mapindex[1]
  local seen = {}
  for _, part in ipairs{ cell.iPart, cell.fPart, cell.oPart, cell.gPart } do
    if part.mapindex[1] ~= whole or seen[place(part)] or #steps[part].to ~= 1 then return end
    seen[place(part)] = true
  end
  if not (seen[1] and seen[2] and seen[3] and seen[4]) then return end
  for _, name in ipairs{ 'i', 'f', 'o', 'g', 'keep', 'write' } do
    if #steps[cell[name]].to ~= 1 then return end
  end
  local split = whole.nSplitOutputs == 4 and whole.mapindex[1] or whole
  local reshape = class(split, 'nn.SplitTable') and split.mapindex[1]
  if not reshape or not class(reshape, 'nn.Reshape') or #reshape.mapindex ~= 1 or #steps[reshape].to ~= 1 or
    #steps[split].to ~= (split == whole and 4 or 1) then return end
  local size = reshape.module.size
  if split.module.dimension ~= 2 or split.module.nInputDims or size:size() ~= 2 or size[1] ~= 4 or
    reshape.module.batchMode ~= nil then return end
  cell.whole, cell.split, cell.reshape, cell.width = whole, split, reshape, 4 * size[2]
  return true
end

-- The addition in front, when the two sums are of no other use.
local function matchAdder(cell, steps)
  local adder = cell.reshape.mapindex[1]
  if not class(adder, 'nn.CAddTable') or #adder.mapindex ~= 2 or #steps[adder].to ~= 1 then return end
  for _, sum in ipairs(adder.mapindex) do
    if not class(sum, 'nn.Linear') or #steps[sum].to ~= 1 then return end
  end
  cell.adder = adder
end

local members = { 'adder', 'reshape', 'split', 'whole', 'iPart', 'fPart', 'oPart', 'gPart', 'i', 'f', 'o', 'g', 'keep', 'write',
  'nextC', 'squash', 'nextH' }

-- Marks the steps of every cell: step.cell. cell.source is its first node, cell.output the step of nextH.
function Cell.find(forward, steps)
  for _, step in ipairs(forward) do
    local nextC = step.data
    local cell = matchSums(nextC)
    if cell and matchOutput(cell, nextC, steps) and matchSource(cell, steps) then
      cell.nextC, cell.output = nextC, steps[cell.nextH]
      setmetatable(cell, Cell)
      cell.modules = {}
      matchAdder(cell, steps)
      cell.source = cell.adder or cell.reshape
      for _, name in ipairs(members) do
        if cell[name] then
          cell.modules[name] = cell[name].module
          steps[cell[name]].cell = cell
        end
      end
      cell.order = { place(cell.iPart), place(cell.fPart), place(cell.oPart), place(cell.gPart) }
    end
  end
end

-- Whether the kernel can do this pass; the inputs of the source have arrived.
function Cell:fits()
  for name, module in pairs(self.modules) do
    if self[name].module ~= module then return false end
  end
  for _, sums in ipairs(self.source.input) do
    if type(sums) ~= 'userdata' or sums:dim() ~= 2 or sums:size(2) ~= self.width then return false end
  end
  local kernels = self.source.input[1].THNN
  return kernels ~= nil and kernels.LSTMGates_updateOutput ~= nil
end

-- -> nextC, nextH
function Cell:forward()
  local modules, order = self.modules, self.order
  local sums, more = self.source.input[1], self.source.input[2]
  local c = self.keep.input[self.keep.mapindex[self.c]]
  self.gates = self.gates or sums.new()
  local nextC, nextH = modules.nextC.output, modules.nextH.output
  sums.THNN.LSTMGates_updateOutput(sums, more, c, self.gates, nextC, modules.squash.output, nextH,
    order[1], order[2], order[3], order[4])
  return nextC, nextH
end

-- -> the gradients of the sum and of c; those of nextC and nextH may be nil
function Cell:backward(gradNextC, gradNextH)
  local order = self.order
  local c = self.keep.input[self.keep.mapindex[self.c]]
  self.gradSums, self.gradC = self.gradSums or c.new(), self.gradC or c.new()
  c.THNN.LSTMGates_updateGradInput(c, self.gates, self.modules.squash.output, gradNextC, gradNextH, self.gradSums, self.gradC,
    order[1], order[2], order[3], order[4])
  return self.gradSums, self.gradC
end

return Cell
