-- Directory and name of the file that calls it.
require 'paths'
return function()
  local file = paths.thisfile(nil, 3)
  if file then return paths.dirname(file), paths.basename(file) end
end
