-- browse([package]): the package's documentation as one HTML page in a browser.
local style = 'body{max-width:50em;margin:2em auto;font-family:sans-serif;line-height:1.4}'
  .. 'pre{background:#f4f4f4;padding:.6em;overflow:auto}'
local head = '<!DOCTYPE html><meta charset="utf-8"><title>%s</title><style>' .. style .. '</style>\n'

return function(package_name)
  package_name = package_name or 'torch'
  local pages = {}
  for _, file in ipairs(require('dok.sources')(package_name)) do pages[#pages + 1] = dok.markdown2html(file.text) end
  if #pages == 0 then return print('no documentation of ' .. tostring(package_name)) end
  local name = paths.tmpname() .. '.html'
  local f = assert(io.open(name, 'w'))
  f:write(head:format(package_name), table.concat(pages, '<hr>\n'))
  f:close()
  local opener = paths.findprogram('xdg-open', 'sensible-browser')
  local screen = os.getenv('DISPLAY') or os.getenv('WAYLAND_DISPLAY')
  if not (opener and screen and os.execute(opener .. ' ' .. name .. ' >/dev/null 2>&1 &')) then
    print('documentation of ' .. package_name .. ': ' .. name)
  end
end
