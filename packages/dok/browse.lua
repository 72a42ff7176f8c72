-- browse([package]): the package's documentation as one HTML page in a browser.
local style = 'body{max-width:50em;margin:2em auto;font-family:sans-serif;line-height:1.4}pre{background:#f4f4f4;padding:.6em;overflow:auto}'

return function(package_name)
   package_name = package_name or 'torch'
   local pages = {}
   for _, file in ipairs(require('dok.sources')(package_name)) do pages[#pages + 1] = dok.markdown2html(file.text) end
   if #pages == 0 then return print('no documentation of ' .. tostring(package_name)) end
   local name = os.tmpname() .. '.html'
   local f = assert(io.open(name, 'w'))
   f:write('<!DOCTYPE html><meta charset="utf-8"><title>', package_name, '</title><style>', style, '</style>\n', table.concat(pages, '<hr>\n'))
   f:close()
   local opener = paths.findprogram('xdg-open', 'open', 'sensible-browser')
   if not (opener and (os.getenv('DISPLAY') or os.getenv('WAYLAND_DISPLAY') or opener:find('/open$'))) or not os.execute(opener .. ' ' .. name .. ' >/dev/null 2>&1 &') then
      print('documentation of ' .. package_name .. ': ' .. name)
   end
end
