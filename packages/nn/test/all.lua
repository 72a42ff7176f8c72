-- nn.test([names]): every test file of the package; raises at the end when one failed.
local paths = require 'paths'
local here = debug.getinfo(1, 'S').source:match('^@(.*)/') or '.'

return function(names)
  local saved = arg
  arg = type(names) == 'table' and names or { names }
  local failed = {}
  for file in paths.files(here, '%.lua$') do
    if file ~= 'all.lua' and not file:find('^gradients_') then
      if not pcall(dofile, paths.concat(here, file)) then failed[#failed + 1] = file end
    end
  end
  arg = saved
  assert(#failed == 0, 'tests failed in ' .. table.concat(failed, ', '))
end
