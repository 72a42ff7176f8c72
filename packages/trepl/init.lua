-- What th adds for scripts and the prompt. Returns the function that starts the prompt.
-- Loaded for every script, so what is heavy comes when first used: Penlight, the loop, documentation.
require 'torch'
require 'paths'
require 'sys'
require 'xlua'
require 'dok'

if torch.setheaptracking then torch.setheaptracking(true) end

local printing = require 'trepl.print'
print_old, print_new, setprintlevel = printing.old, printing.new, printing.setlevel
print = printing.new
require = require 'trepl.require'

local function from(file, name)
  return function(...) return require(file)[name](...) end
end

import = from('trepl.globals', 'import')
monitor_G = from('trepl.globals', 'monitor')
who = from('trepl.globals', 'who')

function noColors()
  local colors = require 'trepl.colors'
  for name in pairs(colors) do colors[name] = '' end
end

function repl()
  printing.end_with_tab()
  return require('trepl.repl')()
end

-- Penlight's modules are globals, each loaded when first named, as `require 'pl'` has it.
local penlight = {warn = 'pl.compat'}
for name in ([[utils path dir tablex stringio sip input seq lexer stringx config pretty data func text operator lapp
      array2d comprehension xml types test app file class luabalanced permute template url compat
      List Map Set OrderedMap MultiMap Date]]):gmatch('%S+') do
  penlight[name] = 'pl.' .. name
end

local meta = getmetatable(_G) or {}
local former = meta.__index
function meta.__index(t, name)
  if penlight[name] then
    local ok, module = pcall(require, penlight[name])
    if ok and name ~= 'warn' then rawset(t, name, module) end
    if ok then return rawget(t, name) end
  end
  if type(former) == 'function' then return former(t, name) end
  return former and former[name]
end
setmetatable(_G, meta)

-- Penlight's '%d items' % 3; it puts itself in the place of this one.
local strings = getmetatable('')
strings.__mod = strings.__mod or function(format, value)
  strings.__mod = nil
  require('pl.text').format_operator()
  return format % value
end

local globals = require 'trepl.globals'
globals.remember(_G)
globals.remember(penlight)

return repl
