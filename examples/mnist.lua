-- Trains a convolutional network on the MNIST digits, read from their idx files (gzipped or not).
--
--   th examples/mnist.lua -data FOLDER      or TORCH_DATA=FOLDER; -download fetches the files first
local digits = dofile(paths.thisfile('digit_training.lua'))
local data = dofile(paths.thisfile('data.lua'))

local cmd = torch.CmdLine()
cmd:text('Trains a convolutional network on MNIST.')
cmd:text()
cmd:option('-data', '', 'folder with the four idx files (default $TORCH_DATA)')
cmd:option('-download', false, 'fetch the files that are missing, with curl')
digits.options(cmd, {epochs = 12, rate = 0.02, save = 'mnist.t7'})
local opt = cmd:parse(arg)

-- Y. LeCun, C. Cortes, C. Burges: the MNIST database, 1998. MD5 sums of the published files.
local mirror = 'https://ossci-datasets.s3.amazonaws.com/mnist/'
local published = {
  ['train-images-idx3-ubyte.gz'] = 'f68b3c2dcbeaaa9fbdd348bbdeb94873',
  ['train-labels-idx1-ubyte.gz'] = 'd53e105ee54ea40749a09fcbcd1e9432',
  ['t10k-images-idx3-ubyte.gz'] = '9fb629c4189551a2d022fa330f9573f3',
  ['t10k-labels-idx1-ubyte.gz'] = 'ec29112dd5afa0611ce80d1b7f02629c',
}

local function quote(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

local function download(folder)
  paths.mkdir(folder)
  for name, sum in pairs(published) do
    local path = paths.concat(folder, name)
    if not paths.filep(path) then
      print('fetching ' .. name)
      local part = path .. '.part'
      if not os.execute(('curl -fsSL -o %s %s'):format(quote(part), quote(mirror .. name))) then
        os.remove(part)
        error('could not fetch ' .. mirror .. name, 0)
      end
      local got = sys.execute('md5sum ' .. quote(part)):match('^%x+')
      if got ~= sum then
        os.remove(part)
        error(('%s: the checksum is %s, wanted %s'):format(name, tostring(got), sum), 0)
      end
      assert(os.rename(part, path))
    end
  end
end

if opt.download then download(opt.data ~= '' and opt.data or os.getenv('TORCH_DATA') or 'mnist') end

torch.setnumthreads(opt.threads)
torch.setdefaulttensortype('torch.FloatTensor')
torch.manualSeed(opt.seed)

local function set(part)
  local images, labels = data.mnist(opt.data, part)
  -- centred and scaled by the usual mean and deviation of the pixels
  return {images = images:float():view(-1, 1, 28, 28):add(-0.1307):div(0.3081), labels = labels:long()}
end
digits.train(opt, set('train'), set('t10k'))
