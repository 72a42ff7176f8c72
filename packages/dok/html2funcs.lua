-- Sections of a package's HTML page by the lower-case names of their anchors, as text for terminals.
-- A section ends at the next anchor of the package, or where one of the same or a higher level begins.
return function(html, package)
  local sections = {}
  local pattern = '<a name="' .. package:gsub('%p', '%%%0') .. '%.([^"]+)"[^>]*>'
  local from, to, name = html:find(pattern)
  while from do
    local next_from, next_to, next_name = html:find(pattern, to + 1)
    local body = html:sub(to + 1, (next_from or #html + 1) - 1):gsub('<p>%s*$', '')
    local level = body:match('<h(%d)[^>]*>.-</h%d>')
    if level then
      body = body:sub((body:find('<h%d')))
      local after = body:match('</h%d>()')
      for start, other in body:sub(after):gmatch('()<h(%d)') do
        if other <= level then
          body = body:sub(1, after + start - 2)
          break
        end
      end
    end
    sections[name:lower()] = dok.stylize(body, package)
    from, to, name = next_from, next_to, next_name
  end
  return sections
end
