-- HTML to text for terminals.
local kColumns = 70
local entities = {lt = '<', gt = '>', quot = '"', nbsp = ' ', ['#39'] = "'", amp = '&'}

-- Breaks at the first space beyond the last column; escapes take none. Ready text stays as it is.
local function wrapped(line)
  local out, column, i = {}, 0, 1
  while i <= #line do
    local code = line:match('^\27%[[%d;]*m', i)
    if code then
      out[#out + 1] = code
      i = i + #code
    else
      local c = line:sub(i, i)
      if c == ' ' and column >= kColumns then
        c, column = '\n', -1
      end
      out[#out + 1] = c
      column, i = column + 1, i + 1
    end
  end
  return table.concat(out)
end

return function(html, colors)
  local ready = {} -- preformatted pieces, kept from the rules for running text
  local function code(color)
    return function(text) return color .. ' ' .. text:gsub('\n$', ''):gsub('\n', '\n ') .. ' ' .. colors.none end
  end
  local function inner_code(before, text, after)
    local lead = before ~= '' and ' ' or ''
    return colors.green .. lead .. text .. (after ~= '' and ' ' or '') .. colors.none
  end
  html = html:gsub('<pre>(.-)</pre>', function(body)
    body = body:gsub('<code class[^>]*>(.-)</code>', code(colors.cyan)):gsub('<code>(.-)</code>', code(colors.green))
    ready[#ready + 1] = colors.cyan .. body .. colors.none .. '\n'
    return '\1' .. #ready .. '\2'
  end)
  html = html:gsub('>%s+<', function(gap) return gap:find('\n') and '><' or '> <' end)
  html = html:gsub('>%s+\1', '>\1'):gsub('\2%s+<', '\2<'):gsub('%s*\n%s*', ' ')
  html = html:gsub('([>\2])(<h%d)', '%1\n%2')
  html = html:gsub('<h%d[^>]*>(.-)</h%d>', function(text) return colors.Magenta .. text:gsub('<[^>]*>', '') .. colors.none .. '\n\n' end)
  html = html:gsub('(%s*)<code[^>]*>(.-)</code>(%s*)', inner_code)
  html = html:gsub('<li>%s*<p>', '<li>'):gsub('<li>', '\n' .. colors.blue .. '> ' .. colors.none):gsub('</[uo]l>', '\n\n')
  html = html:gsub('<p>', '\n'):gsub('</p>', '\n'):gsub('<br */?>', '\n'):gsub('<hr */?>', '\n' .. ('-'):rep(kColumns) .. '\n')
  html = html:gsub('<t[hd]>(.-)</t[hd]>', '%1 | '):gsub('</tr>', '\n'):gsub('</?table>', '\n')
  for _, tag in ipairs{'em', 'strong', 'b', 'i'} do
    html = html:gsub('<' .. tag .. '>', colors.Black):gsub('</' .. tag .. '>', colors.none)
  end
  html = html:gsub('<img[^>]-alt="([^"]*)"[^>]*>', '[%1]')
  html = html:gsub('<a%s+href[^>]*>(.-)</a>', colors.none .. '%1' .. colors.none)
  html = html:gsub('<[^<>]*>', '')
  html = html:gsub('[^\n]+', wrapped)
  html = html:gsub('\1(%d+)\2', function(n) return ready[tonumber(n)] end)
  return (html:gsub('&([#%w]+);', entities):gsub('%s+$', ''))
end
