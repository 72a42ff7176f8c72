-- Counts of predictions by target class. mat[t][p]: how often p was predicted for a sample of class t.
local ConfusionMatrix = torch.class('optim.ConfusionMatrix')

function ConfusionMatrix:__init(nclasses, classes)
  if type(nclasses) == 'table' then nclasses, classes = #nclasses, nclasses end
  self.mat = torch.LongTensor(nclasses, nclasses):zero()
  self.valids = torch.FloatTensor(nclasses):zero()
  self.unionvalids = torch.FloatTensor(nclasses):zero()
  self.nclasses = nclasses
  self.totalValid = 0
  self.averageValid = 0
  self.classes = classes or {}
  -- work space of batchAdd
  self._mat_flat = self.mat:view(-1)
  self._target = torch.FloatTensor()
  self._prediction = torch.FloatTensor()
  self._max = torch.FloatTensor()
  self._pred_idx = torch.LongTensor()
  self._targ_idx = torch.LongTensor()
end

local function class(v) -- a number, or the place of the largest entry
  if type(v) == 'number' then return v end
  local _, index = v:view(-1):max(1)
  return index[1]
end

function ConfusionMatrix:add(prediction, target)
  local p, t = class(prediction), class(target)
  if t > 0 then
    local row = self.mat[t]
    row[p] = row[p] + 1
  end
end

-- The classes of a batch: a vector of them, N x 1, or N x C scores.
local function classes(self, batch, scratch, index, what)
  if batch:dim() == 1 then return index:resize(batch:nElement()):copy(batch) end
  if batch:dim() ~= 2 then error(what .. ' has invalid number of dimensions', 3) end
  if batch:size(2) == 1 then return index:resize(batch:size(1)):copy(batch) end
  scratch:resize(batch:size()):copy(batch)
  torch.max(self._max, index, scratch, 2)
  return index:view(-1)
end

function ConfusionMatrix:batchAdd(predictions, targets)
  local p = classes(self, predictions, self._prediction, self._pred_idx, 'predictions')
  local t = classes(self, targets, self._target, self._targ_idx, 'targets')
  assert(p:nElement() == t:nElement(), 'predictions and targets differ in number')
  if p:nElement() == 0 then return end
  if t:min() < 1 then
    local known = t:ge(1)
    if known:max() == 0 then return end
    p, t = p:maskedSelect(known), t:maskedSelect(known)
  end
  local n = self.nclasses
  if p:min() < 1 or p:max() > n or t:max() > n then error('a class is out of range of 1 to ' .. n, 2) end
  local cell = torch.mul(t, n):add(-n):add(p)
  self._mat_flat = self.mat:view(-1)
  self._mat_flat:indexAdd(1, cell, cell.new():resizeAs(cell):fill(1))
end

function ConfusionMatrix:zero()
  self.mat:zero()
  self.valids:zero()
  self.unionvalids:zero()
  self.totalValid = 0
  self.averageValid = 0
end

function ConfusionMatrix:updateValids()
  local n = self.nclasses
  local rows, columns = self.mat:sum(2), self.mat:sum(1)
  local hits = 0
  local sum, count, unionSum, unionCount = 0, 0, 0, 0
  for i = 1, n do
    local hit = self.mat[i][i]
    hits = hits + hit
    self.valids[i] = hit / rows[i][1]
    self.unionvalids[i] = hit / (rows[i][1] + columns[1][i] - hit)
    local valid, union = self.valids[i], self.unionvalids[i]
    if valid == valid then
      sum, count = sum + valid, count + 1
      if union == union then unionSum, unionCount = unionSum + union, unionCount + 1 end
    end
  end
  self.totalValid = hits / self.mat:sum()
  self.averageValid = sum / count
  self.averageUnionValid = unionSum / unionCount
end

-- False rejection and false acceptance rates by class, -1 where a class has no samples, then both without those.
function ConfusionMatrix:farFrr()
  local n = self.nclasses
  local samples = self.mat:sum(2)
  local frr, far = torch.DoubleTensor(n):fill(-1), torch.DoubleTensor(n):fill(-1)
  local seenFrr, seenFar = {}, {}
  for i = 1, n do
    if samples[i][1] > 0 then
      frr[i] = 1 - self.mat[i][i] / samples[i][1]
      local sum, others = 0, 0
      for j = 1, n do
        if j ~= i and samples[j][1] > 0 then
          sum, others = sum + self.mat[j][i] / samples[j][1], others + 1
        end
      end
      far[i] = sum / others
      table.insert(seenFrr, frr[i])
      table.insert(seenFar, far[i])
    end
  end
  return frr, far, torch.DoubleTensor(seenFrr), torch.DoubleTensor(seenFar)
end

function ConfusionMatrix:__tostring__()
  self:updateValids()
  local n = self.nclasses
  local largest = self.mat:max()
  local width = largest > 0 and math.max(8, 1 + math.ceil(math.log10(largest))) or 8
  local cell, named = '%' .. width .. 'd', next(self.classes) ~= nil
  local out = { 'ConfusionMatrix:\n[' }
  for i = 1, n do
    out[#out + 1] = i == 1 and '[' or ' ['
    local row = self.mat[i]
    for j = 1, n do out[#out + 1] = string.format(cell, row[j]) end
    out[#out + 1] = string.format('%s%2.3f%% ', i == n and ']]  ' or ']   ', self.valids[i] * 100)
    if named then out[#out + 1] = '\t[class: ' .. tostring(self.classes[i] or '') .. ']' end
    out[#out + 1] = '\n'
  end
  out[#out + 1] = ' + average row correct: ' .. self.averageValid * 100 .. '% \n'
  out[#out + 1] = ' + average rowUcol correct (VOC measure): ' .. self.averageUnionValid * 100 .. '% \n'
  out[#out + 1] = ' + global correct: ' .. self.totalValid * 100 .. '%'
  return table.concat(out)
end

-- Torch7 drew a picture with qt here.
function ConfusionMatrix:render()
  error('ConfusionMatrix:render draws with qt, which Torch9 does not have; print the matrix instead', 2)
end
