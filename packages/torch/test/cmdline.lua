-- torch.CmdLine.
local tester, tests = torch.Tester(), torch.TestSuite()

local function build()
  local cmd = torch.CmdLine()
  cmd:argument('input', 'a file')
  cmd:option('-size', 4, 'a number')
  cmd:option('--name', 'x', 'a text')
  cmd:option('-fast', false, 'a switch')
  return cmd
end

function tests.parsesInAnyOrder()
  local params = build():parse{ '-fast', 'file', '--name', '-size', '-size', '0x10' }
  tester:eq(params, { input = 'file', size = 16, name = '-size', fast = true })
end

function tests.namesWhatDiffers()
  local cmd = build()
  tester:eq(cmd:string('run', cmd:parse{ 'f' }, {}), 'run,input=f,')
  tester:eq(cmd:string('run', cmd:parse{ 'f', '-size', '5', '-fast' }, {}), 'run,input=f,fast=t,size=5')
  tester:eq(cmd:string('run', cmd:parse{ 'f' }, { size = false }), 'run,input=f,size=4')
end

function tests.endsOnBadInput() -- error() and os.exit() do not return in a program; here they raise
  local function message(arg)
    local cmd, text = build(), nil
    function cmd:error(m) text = m error('ended') end
    tester:assertError(function() cmd:parse(arg) end)
    return text
  end
  tester:eq(message{}, 'not enough arguments')
  tester:eq(message{ 'f', 'g' }, 'invalid argument: g')
  tester:eq(message{ 'f', '-size' }, 'missing argument for option -size')
  tester:eq(message{ 'f', '-size', 'x' }, 'invalid type for option -size (should be number)')
end

function tests.logsWhatIsPrinted()
  local name, printed = os.tmpname(), print
  local cmd = build()
  cmd:silent()
  cmd:log(name, { b = 2, a = 1 })
  print('line', nil, 3)
  _G.print = printed
  local file = io.open(name)
  local text = file:read('*a')
  file:close()
  os.remove(name)
  tester:assert(text:find('a 1 \nb 2 \n', 1, true) ~= nil)
  tester:assert(text:find('line nil 3 \n', 1, true) ~= nil)
end

tester:add(tests):run()
