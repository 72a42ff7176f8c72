-- The examples as a user starts them, on small data made here; on real data where TORCH_DATA names its folder.
require 'paths'
local tester, tests = torch.Tester(), torch.TestSuite()

local th = arg[0]
local examples = paths.concat(paths.dirname(paths.thisfile()), '../../examples')
local made = os.tmpname()
os.remove(made)
local real = os.getenv('TORCH_DATA')

local function put(name, text)
  paths.mkdir(paths.concat(made, paths.dirname(name)))
  local file = assert(io.open(paths.concat(made, name), 'w'))
  file:write(text)
  file:close()
end

-- What a program prints, run in the folder of made data.
local function run(program, options, data)
  local command = string.format("cd '%s' && OMP_NUM_THREADS=1 '%s' '%s/%s' -data '%s' %s 2>&1",
    made, th, examples, program, data or made, options)
  local pipe = io.popen(command)
  local text = pipe:read('*a')
  pipe:close()
  return text
end

local function figure(text, pattern)
  local value
  for number in text:gmatch(pattern .. ' (%-?[%d.]+)') do value = tonumber(number) end
  if not value then error('no "' .. pattern .. '" in:\n' .. text:sub(-500)) end
  return value
end

function tests.linearRegression()
  torch.manualSeed(1) -- the same data in every run: how near SGD comes depends on them
  local rows = { '3,linear,data' }
  for _ = 1, 40 do
    local a, b, c = torch.uniform(), torch.uniform(), torch.uniform()
    table.insert(rows, string.format('%.17g,%.17g,%.17g,%.17g,0', a, b, c, 2 * a - b + 0.5 * c + 1))
  end
  put('csv/iris.csv', table.concat(rows, '\n'))
  local text = run('linear_regression.lua', '')
  tester:assertlt(figure(text, 'SGD +error'), 1e-2)
  tester:assertlt(figure(text, 'L%-BFGS +error'), 1e-5)
  tester:assertlt(figure(text, 'closed form +error'), 1e-5)
end

function tests.logisticRegression()
  local rows = { 'num,brand,female,age' }
  for i = 1, 90 do table.insert(rows, string.format('"%d","%d",%d,%d', i, i % 3 + 1, i % 2, 20 + 10 * (i % 3))) end
  put('csv/example-logistic-regression.csv', table.concat(rows, '\n'))
  tester:assertgt(figure(run('logistic_regression.lua', ''), 'global correct:'), 99)
end

local pattern = ('to be or not to be, that is the question. '):rep(400)

function tests.characterModel()
  put('text/pattern.txt', pattern)
  local shape = '-text text/pattern.txt -batch 8 -length 20 '
  local text = run('char_lstm/train.lua', shape .. '-size 32 -layers 2 -epochs 4 -rate 0.02 -save lstm.t7')
  tester:assertlt(figure(text, 'validation loss'), 0.2)
  local more = run('char_lstm/train.lua', shape .. '-epochs 5 -resume lstm.t7 -rate 0.001 -save more.t7')
  tester:assertlt(figure(more, 'validation loss'), 0.2)
  local sample = io.popen(string.format("'%s' '%s/char_lstm/sample.lua' '%s/lstm.t7' -prime 'to be' -length 60 -temperature 0.1",
    th, examples, made))
  tester:assert(sample:read('*a'):find('or not to be', 1, true) ~= nil)
  sample:close()
end

function tests.transformer()
  put('text/pattern.txt', pattern)
  local text = run('transformer.lua',
    '-text text/pattern.txt -size 32 -layers 1 -heads 2 -length 16 -batch 8 -steps 200 -every 200 -rate 0.01 -write 40 -save t.t7')
  tester:assertlt(figure(text, 'validation loss'), 0.3)
end

function tests.missingDataIsNamed()
  tester:assert(run('resnet.lua', '', '/nowhere'):find('There is no file mnist/train-images-idx3-ubyte.gz in /nowhere', 1, true) ~= nil)
end

if real then
  function tests.digits()
    tester:assertlt(figure(run('autoencoder.lua', '-epochs 1', real), 'test error'), 0.05)
    tester:assertlt(figure(run('vae.lua', '-epochs 1', real), 'on test images'), 185)
    tester:assertgt(figure(run('resnet.lua', '-epochs 1 -width 4', real), 'test accuracy'), 60)
    tester:assertgt(figure(run('resnet.lua', '-network vgg -epochs 1 -width 4', real), 'test accuracy'), 60)
  end

  function tests.shakespeare()
    tester:assertlt(figure(run('char_lstm/train.lua', '-steps 150', real), 'validation loss'), 2.6)
  end
end

local ok, failure = pcall(tester.add(tester, tests).run, tester)
paths.rmall(made, 'yes')
if not ok then error(failure, 0) end
