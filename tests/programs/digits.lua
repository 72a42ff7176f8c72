-- The demo in a short form: it must learn, save and load back.
require 'paths'
local tester, tests = torch.Tester(), torch.TestSuite()
local th = arg[0]
local examples = paths.concat(paths.dirname(paths.thisfile()), '../../examples')

function tests.learns()
  local model = os.tmpname()
  local pipe = io.popen(("OMP_NUM_THREADS=1 '%s' '%s/digits.lua' -train 5000 -test 500 -epochs 4 -save '%s' 2>&1"):format(th, examples, model))
  local text = pipe:read('*a')
  pipe:close()
  os.remove(model)
  local accuracy = tonumber(text:match('test accuracy ([%d.]+)%% after'))
  tester:assert(accuracy ~= nil, 'no accuracy in:\n' .. text:sub(-400))
  tester:assert((accuracy or 0) >= 85, 'accuracy ' .. tostring(accuracy))
end

function tests.saysWhatIsMissing()
  local pipe = io.popen(("'%s' '%s/mnist.lua' -data /nonexistent 2>&1"):format(th, examples))
  local text = pipe:read('*a')
  pipe:close()
  tester:assert(text:find('There is no file mnist/train-images', 1, true) ~= nil, text)
end

tester:add(tests)
tester:run()
