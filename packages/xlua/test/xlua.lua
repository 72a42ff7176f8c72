require 'xlua'
local tester, tests = torch.Tester(), torch.TestSuite()

function tests.lazy_fields()
  tester:eq({type(xlua.OptionParser), type(xlua.Profiler), type(xlua.progress)}, {'table', 'table', 'function'})
  tester:eq(xlua.no_such_field, nil)
end

function tests.unpack_keeps_objects_as_values()
  local object = torch.Tester()
  local _, x = xlua.unpack({object}, 'f', '', {arg = 'x', type = 'object', help = '', req = true})
  tester:assert(rawequal(x, object))
end

function tests.unpack_of_trailing_nils()
  local _, x, y = xlua.unpack({nil, 2}, 'f', '', {arg = 'x', type = 'number', default = 1}, {arg = 'y', type = 'number'})
  tester:eq({x, y}, {1, 2})
end

function tests.option_parser_keeps_words_after_values()
  local saved = arg
  arg = {[0] = 'script', '--size', '-5', 'word', '-v', 'other'}
  local op = xlua.OptionParser('%prog')
  op:option{'-s', '--size', dest = 'size', help = ''}
  op:option{'-v', dest = 'verbose', action = 'store_true', help = ''}
  local options, words = op:parse()
  arg = saved
  tester:eq({options.size, options.verbose, words}, {'-5', true, {'word', 'other'}})
  tester:eq(op:tostring(true, {'size'}), '-s=-5')
end

function tests.profiler_measures()
  local p = xlua.Profiler()
  p:start('nap')
  sys.usleep(2000)
  local real = p:lap('nap')
  tester:assert(real >= 0.002 and p:real('nap') == real)
  local half = p:lap('nap', 1e6)
  tester:assertlt(half, real)
  tester:assertError(function() p:lap('missing') end)
end

function tests.progress_begins_again()
  local out = {}
  local write = io.write
  io.write = function(...) out[#out + 1] = table.concat({...}) end
  for _ = 1, 2 do
    for i = 1, 3 do xlua.progress(i, 3) end
  end
  xlua.progress(3, 3)
  io.write = write
  tester:eq(#out, 7)
  for i, pattern in pairs{'1/3', 'ETA: .*2/3', 'Tot: .*3/3', 'ETA: .*1/3'} do tester:assert(out[i]:find(pattern) ~= nil, pattern) end
  tester:eq(out[7], '\r')
end

function tests.table2string_reads_back()
  local t = {1, 'a"b', "it's \"both\"\n\\", {x = {true}}, [-1] = 'minus', ['a b'] = 2}
  local back = loadstring('return ' .. xlua.table2string(t))()
  tester:eq(back, t)
end

tester:add(tests):run()
