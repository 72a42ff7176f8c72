-- Markdown to HTML (render, renderHTML) and to terminal text (renderASCII).
local markup = require 'sundown.inline'
local inline, escape = markup.render, markup.escape

local function is_blank(line) return not line:find('%S') end
local function heading(line)
  local marks, text = line:match('^ ? ? ?(#+)%s*(.-)%s*#*%s*$')
  if marks and #marks <= 6 then return #marks, text end
end
local function is_rule(line)
  local packed = line:gsub('%s', '')
  return #packed >= 3 and (packed:find('^%-+$') or packed:find('^%*+$') or packed:find('^_+$'))
end
-- The fence and the language of a fenced block's first line.
local function fence(line)
  local marks, language = line:match('^ ? ? ?(```+)%s*{?%.?([^`%s}]*)')
  if marks then return marks, language end
  return line:match('^ ? ? ?(~~~+)%s*{?%.?([^%s}]*)')
end
-- Columns before the text, kind of list and text of an item's first line.
local function item(line)
  local indent, mark, gap, text = line:match('^( *)([%*%+%-])( +)(.*)$')
  if indent and not is_rule(line) then return #indent, 'ul', text, #indent + #mark + #gap end
  indent, mark, gap, text = line:match('^( *)(%d+[%.%)])( +)(.*)$')
  if indent then return #indent, 'ol', text, #indent + #mark + #gap end
end
local blocks_of_html = {}
for name in ('p div h1 h2 h3 h4 h5 h6 table pre ul ol dl blockquote script style hr form center iframe'):gmatch('%S+') do
  blocks_of_html[name] = true
end
local function is_html(line)
  local name = line:match('^</?(%a%w*)')
  return name and blocks_of_html[name:lower()] or line:find('^<!%-%-')
end
local function cells(line)
  local list = {}
  for cell in line:gsub('^%s*|', ''):gsub('|%s*$', ''):gmatch('[^|]+') do list[#list + 1] = cell:match('^%s*(.-)%s*$') end
  return list
end
local function is_table(line, next_line)
  return line:find('|', 1, true) and next_line and next_line:find('%-') and next_line:find('^[%s|:%-]+$') and next_line:find('|', 1, true)
end

local blocks

local function lines_of(text)
  local lines = {}
  for line in (text:gsub('\r', '') .. '\n'):gmatch('(.-)\n') do lines[#lines + 1] = (line:gsub('\t', '    ')) end
  return lines
end

-- Each takes the lines and the index of its first one, and gives the HTML and the index after its last.
local function code(lines, i)
  local body = {}
  while lines[i] and (lines[i]:find('^    ') or is_blank(lines[i])) do
    body[#body + 1] = lines[i]:sub(5)
    i = i + 1
  end
  while body[1] and is_blank(body[#body]) do body[#body] = nil end
  return '<pre><code>' .. escape(table.concat(body, '\n')) .. '\n</code></pre>\n', i
end

local function fenced(lines, i)
  local marks, language = fence(lines[i])
  local body = {}
  i = i + 1
  while lines[i] and (lines[i]:match('^%s*(%S+)%s*$') or ''):sub(1, #marks) ~= marks do
    body[#body + 1] = lines[i] .. '\n'
    i = i + 1
  end
  local class = language ~= '' and ' class="' .. escape(language) .. '"' or ''
  return '<pre><code' .. class .. '>' .. escape(table.concat(body)) .. '</code></pre>\n', i + 1
end

local function list(lines, i)
  local column, kind = item(lines[i])
  local out = {}
  while lines[i] do
    local at, this, text, inner = item(lines[i])
    if at ~= column or this ~= kind then break end
    local body, loose = {text}, false
    i = i + 1
    while lines[i] do
      local line = lines[i]
      local other = item(line)
      local indent = #line:match('^ *')
      if is_blank(line) then
        local following = lines[i + 1]
        if not following or is_blank(following) or #following:match('^ *') <= column then break end
        loose = true
        body[#body + 1] = ''
      elseif other and other <= column then break
      elseif heading(line) and indent <= column then break
      else body[#body + 1] = line:sub(math.min(indent, inner) + 1)
      end
      i = i + 1
    end
    if not loose then -- text first, then lists inside
      local plain = {}
      while body[1] and not item(body[1]) and not fence(body[1]) do plain[#plain + 1] = table.remove(body, 1) end
      local rest = #body > 0 and '\n\n' .. blocks(body) or ''
      out[#out + 1] = '<li>' .. inline(table.concat(plain, '\n')) .. rest .. '</li>\n'
    else out[#out + 1] = '<li>' .. blocks(body) .. '</li>\n'
    end
    if lines[i] and is_blank(lines[i]) and lines[i + 1] and select(2, item(lines[i + 1])) == kind then i = i + 1 end
  end
  return '<' .. kind .. '>\n' .. table.concat(out) .. '</' .. kind .. '>\n', i
end

local function quote(lines, i)
  local body = {}
  while lines[i] and not is_blank(lines[i]) do
    body[#body + 1] = (lines[i]:gsub('^ ? ? ?> ?', ''))
    i = i + 1
  end
  return '<blockquote>\n' .. blocks(body) .. '</blockquote>\n', i
end

local function html_block(lines, i)
  local body = {}
  while lines[i] and not is_blank(lines[i]) do
    body[#body + 1] = lines[i] .. '\n'
    i = i + 1
  end
  return table.concat(body), i
end

local function table_block(lines, i)
  local function row(tag, line)
    local out = {}
    for _, cell in ipairs(cells(line)) do out[#out + 1] = '<' .. tag .. '>' .. inline(cell) .. '</' .. tag .. '>\n' end
    return '<tr>\n' .. table.concat(out) .. '</tr>\n'
  end
  local out = {'<table><thead>\n' .. row('th', lines[i]) .. '</thead><tbody>\n'}
  i = i + 2
  while lines[i] and lines[i]:find('|', 1, true) do
    out[#out + 1] = row('td', lines[i])
    i = i + 1
  end
  return table.concat(out) .. '</tbody></table>\n', i
end

local function paragraph(lines, i)
  local body = {}
  while lines[i] and not is_blank(lines[i]) do
    local line = lines[i]
    local underline = #body > 0 and (line:match('^(=)=*%s*$') or line:match('^(%-)%-*%s*$'))
    if underline then
      local tag = underline == '=' and 'h1' or 'h2'
      return '<' .. tag .. '>' .. inline(table.concat(body, '\n')) .. '</' .. tag .. '>\n', i + 1
    end
    if #body > 0 and (heading(line) or fence(line) or is_html(line)) then break end
    body[#body + 1] = line:gsub('^ +', '') .. (line:find('  $') and '<br>' or '')
    i = i + 1
  end
  return '<p>' .. inline(table.concat(body, '\n')) .. '</p>\n', i
end

function blocks(lines)
  local out, i = {}, 1
  while lines[i] do
    local line = lines[i]
    local made
    if is_blank(line) then i = i + 1
    elseif heading(line) then
      local level, text = heading(line)
      made, i = '<h' .. level .. '>' .. inline(text) .. '</h' .. level .. '>\n', i + 1
    elseif line:find('^    ') then made, i = code(lines, i)
    elseif fence(line) then made, i = fenced(lines, i)
    elseif is_rule(line) then made, i = '<hr>\n', i + 1
    elseif item(line) then made, i = list(lines, i)
    elseif line:find('^ ? ? ?>') then made, i = quote(lines, i)
    elseif is_html(line) then made, i = html_block(lines, i)
    elseif is_table(line, lines[i + 1]) then made, i = table_block(lines, i)
    else made, i = paragraph(lines, i)
    end
    out[#out + 1] = made
  end
  return table.concat(out, '\n')
end

local sundown = {}
function sundown.renderHTML(text) return blocks(lines_of(text)) end
function sundown.renderASCII(text) return require('dok.stylize')(sundown.renderHTML(text), sys.COLORS) end
sundown.render = sundown.renderHTML

return sundown
