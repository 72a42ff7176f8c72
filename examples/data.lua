-- Reading the examples' data. Files are looked for in the folder given by -data, else in $TORCH_DATA.
require 'torch'
require 'paths'

local data = {}

function data.find(folder, ...)
  local root = folder ~= '' and folder or os.getenv('TORCH_DATA')
  local name = table.concat({ ... }, '/')
  if not root then
    io.stderr:write('Where is ', name, '? Say so with -data FOLDER or the environment variable TORCH_DATA.\n')
    os.exit(1)
  end
  local path = paths.concat(root, name)
  if not paths.filep(path) then
    io.stderr:write('There is no file ', path, '. The folder should hold ', name, ' (see -data and TORCH_DATA).\n')
    os.exit(1)
  end
  return path
end

function data.read(path)
  local file = path:find('%.gz$') and io.popen("gzip -dc '" .. path .. "'") or assert(io.open(path, 'rb'))
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

local function bytes(text, header, ...)
  local t = torch.ByteTensor(torch.ByteStorage():string(text:sub(header + 1)))
  return t:view(...)
end

-- MNIST, part 'train' or 't10k': images n x 28 x 28 in 0..1, labels 1..10.
function data.mnist(folder, part)
  local images = data.read(data.find(folder, 'mnist', part .. '-images-idx3-ubyte.gz'))
  local labels = data.read(data.find(folder, 'mnist', part .. '-labels-idx1-ubyte.gz'))
  local n = #labels - 8
  return bytes(images, 16, n, 28, 28):float():div(255), bytes(labels, 8, n):float():add(1)
end

-- Calls f(indices) for batches of a random order of 1..n.
function data.batches(n, size, f)
  local order = torch.randperm(n):long()
  for first = 1, n - size + 1, size do f(order:narrow(1, first, size), first + size - 1) end
end

return data
