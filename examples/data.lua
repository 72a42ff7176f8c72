-- Reading the examples' data. Files are looked for in the folder given by -data, else in $TORCH_DATA.
require 'torch'
require 'paths'

local data = {}

-- The first of the files that exists: FOLDER/a/b or FOLDER/b, for every list {a, b} of names.
local function first_existing(root, ...)
  for _, names in ipairs{...} do
    for k = 1, #names do
      local path = paths.concat(root, table.concat(names, '/', k))
      if paths.filep(path) then return path end
    end
  end
end

function data.find(folder, ...)
  local root = folder ~= '' and folder or os.getenv('TORCH_DATA')
  local name = table.concat({ ... }, '/')
  if not root then
    io.stderr:write('Where is ', name, '? Say so with -data FOLDER or the environment variable TORCH_DATA.\n')
    os.exit(1)
  end
  local plain = { ... }
  plain[#plain] = plain[#plain]:gsub('%.gz$', '')
  local path = first_existing(root, { ... }, plain)
  if not path then
    io.stderr:write('There is no file ', name, ' in ', root, ' (see -data and TORCH_DATA).\n')
    os.exit(1)
  end
  return path
end

function data.read(path)
  local file = path:find('%.gz$') and io.popen("gzip -dc '" .. path:gsub("'", "'\\''") .. "'") or assert(io.open(path, 'rb'))
  local text = file:read('*a')
  file:close()
  return text
end

-- Rows of a file of comma-separated numbers (quotes are dropped), without its first line.
function data.csv(path)
  local rows = {}
  for line in data.read(path):gmatch('[^\r\n]+') do
    local row = {}
    for cell in line:gmatch('[^,]+') do row[#row + 1] = tonumber((cell:gsub('"', ''))) end
    rows[#rows + 1] = row
  end
  table.remove(rows, 1)
  return torch.Tensor(rows)
end

-- The bytes of an idx file (big-endian header: 0 0 8 dims, then each size) as a ByteTensor.
local function idx(path)
  local text = data.read(path)
  local function number(at)
    local a, b, c, d = text:byte(at, at + 3)
    return d and ((a * 256 + b) * 256 + c) * 256 + d
  end
  local dims = (number(1) or 0) - 0x800
  if dims < 1 or dims > 4 then error(path .. ': not an idx file of bytes', 0) end
  local sizes, count = {}, 1
  for k = 1, dims do
    sizes[k] = number(1 + 4 * k) or 0
    count = count * sizes[k]
  end
  local header = 4 + 4 * dims
  if #text ~= header + count then
    error(('%s: %d bytes of data, the header says %d'):format(path, #text - header, count), 0)
  end
  return torch.ByteTensor(torch.ByteStorage():string(text:sub(header + 1))):view(unpack(sizes))
end

-- MNIST, part 'train' or 't10k': images n x 28 x 28 in 0..1, labels 1..10.
function data.mnist(folder, part)
  local images = idx(data.find(folder, 'mnist', part .. '-images-idx3-ubyte.gz'))
  local labels = idx(data.find(folder, 'mnist', part .. '-labels-idx1-ubyte.gz'))
  if images:size(1) ~= labels:size(1) then
    error(('MNIST %s: %d images and %d labels'):format(part, images:size(1), labels:size(1)), 0)
  end
  return images:float():div(255), labels:float():add(1)
end

-- Calls f(indices) for batches of a random order of 1..n.
function data.batches(n, size, f)
  local order = torch.randperm(n):long()
  for first = 1, n - size + 1, size do f(order:narrow(1, first, size), first + size - 1) end
end

return data
