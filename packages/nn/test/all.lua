-- nn.test([names]): every test file of the package.
local paths = require 'paths'
local here = debug.getinfo(1, 'S').source:match('^@(.*)/') or '.'

return function(names)
  local saved = arg
  arg = type(names) == 'table' and names or { names }
  local ok, err = true, nil
  for file in paths.files(here, '%.lua$') do
    if ok and file ~= 'all.lua' and not file:find('^gradients_') then ok, err = pcall(dofile, paths.concat(here, file)) end
  end
  arg = saved
  if not ok then error(err, 0) end
end
