-- Documentation at the prompt: help(symbol), and the Markdown it comes from. What it takes is loaded at the first question.
require 'sys'
require 'xlua'

dok = {colors = {}}

function dok.usecolors()
  for name, code in pairs(sys.COLORS) do dok.colors[name] = code end
end

function dok.dontusecolors()
  for name in pairs(sys.COLORS) do dok.colors[name] = '' end
end
dok.usecolors()

function dok.error(message, domain)
  error(dok.colors.Red .. (domain and '<' .. domain .. '> ' or '') .. message .. dok.colors.none, 2)
end

function dok.help(symbol, asstring) return require('dok.help')(symbol, asstring) end
function dok.browse(package) return require('dok.browse')(package) end
function dok.refresh() require('dok.index').forget() end
function dok.markdown2html(text) return require('sundown').renderHTML(text) end
function dok.stylize(html) return require('dok.stylize')(html, dok.colors) end
function dok.html2funcs(html, package) return require('dok.html2funcs')(html, package) end

setmetatable(dok, {__index = function(_, name)
  if name ~= 'usage' and name ~= 'unpack' then return nil end
  local made = require('xlua.usage')(function(symbol)
    local text = dok.help(symbol, true)
    return text and ('+'):rep(69) .. '\n' .. text .. '\n'
  end, true)
  dok.usage, dok.unpack = made.usage, made.unpack
  return made[name]
end})

help, browse = dok.help, dok.browse

return dok
