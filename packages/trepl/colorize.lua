-- colorize.red(text): the text in that colour, as trepl.colors has it at the time.
local colors = require 'trepl.colors'
return setmetatable({}, {__index = function(self, name)
  if not colors[name] then return nil end
  local function paint(text) return colors[name] .. tostring(text) .. colors.none end
  rawset(self, name, paint)
  return paint
end})
