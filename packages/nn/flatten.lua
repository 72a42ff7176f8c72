-- Moves a list of tensors into one new storage, each becoming a view of it. Tensors that overlap go on sharing;
-- elements of their storages that none of them covers are left out.

-- First and last element (storage positions from 1) that a tensor can touch.
local function extent(t)
  local first = t:storageOffset()
  local last = first
  for d = 1, t:dim() do last = last + (t:size(d) - 1) * t:stride(d) end
  return first, last
end

-- Runs of overlapping extents of one storage, in order. Neighbours that merely touch stay apart.
local function runsOf(tensors)
  local parts = {}
  for i, t in ipairs(tensors) do
    local first, last = extent(t)
    parts[i] = { first = first, last = last, tensors = { t } }
  end
  table.sort(parts, function(a, b) return a.first < b.first end)
  local runs = { parts[1] }
  for i = 2, #parts do
    local run, part = runs[#runs], parts[i]
    if part.first <= run.last then
      run.last = math.max(run.last, part.last)
      run.tensors[#run.tensors + 1] = part.tensors[1]
    else
      runs[#runs + 1] = part
    end
  end
  return runs
end

local function isCompact(run)
  for _, t in ipairs(run.tensors) do
    local first, last = extent(t)
    if first == run.first and last == run.last and t:isContiguous() then return true end
  end
  local covered = torch.ByteTensor(run.last - run.first + 1):zero()
  local marks = torch.ByteTensor()
  for _, t in ipairs(run.tensors) do
    marks:set(covered:storage(), t:storageOffset() - run.first + 1, t:size(), t:stride()):fill(1)
  end
  return covered:sum() == covered:nElement()
end

return function(list)
  local storages, tensorsOf = {}, {}
  for _, t in ipairs(list) do
    local storage = t:storage()
    if storage and t:dim() > 0 then
      local key = torch.pointer(storage)
      if not tensorsOf[key] then
        tensorsOf[key] = {}
        storages[#storages + 1] = key
      end
      table.insert(tensorsOf[key], t)
    end
  end

  local runs, total = {}, 0
  for _, key in ipairs(storages) do
    for _, run in ipairs(runsOf(tensorsOf[key])) do
      assert(isCompact(run), 'Cannot gather tensors that are not compact')
      run.start = total + 1
      total = total + run.last - run.first + 1
      runs[#runs + 1] = run
    end
  end

  local flat = list[1] and list[1].new() or torch.Tensor()
  if total == 0 then return flat end
  flat:resize(total)
  for _, run in ipairs(runs) do
    local length = run.last - run.first + 1
    local source = flat.new(run.tensors[1]:storage(), run.first, torch.LongStorage{ length })
    flat:narrow(1, run.start, length):copy(source)
  end
  for _, run in ipairs(runs) do
    for _, t in ipairs(run.tensors) do
      t:set(flat:storage(), run.start + t:storageOffset() - run.first, t:size(), t:stride())
    end
  end
  return flat
end
