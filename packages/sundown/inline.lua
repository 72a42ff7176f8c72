-- Markdown within a paragraph: code, emphasis, links. What is finished is put aside under a mark, so that no later
-- rule sees it.
local inline = {}

function inline.escape(text) return (text:gsub('[&<>"]', {['&'] = '&amp;', ['<'] = '&lt;', ['>'] = '&gt;', ['"'] = '&quot;'})) end

local escape = inline.escape
local kMark = '\1%d\2'

function inline.render(text)
  local aside = {}
  local function keep(html)
    aside[#aside + 1] = html
    return kMark:format(#aside)
  end
  local function emphasis(s)
    s = s:gsub('%*%*([^%s*].-)%*%*', '<strong>%1</strong>'):gsub('%f[%w_]__([^%s_].-)__%f[^%w_]', '<strong>%1</strong>')
    return (s:gsub('%*([^%s*][^*]-)%*', '<em>%1</em>'):gsub('%*([^%s*])%*', '<em>%1</em>')
      :gsub('%f[%w_]_([^%s_][^_]-)_%f[^%w_]', '<em>%1</em>'))
  end
  local function destination(inside)
    local url, title = inside:match('^%s*<?(%S-)>?%s+["\'](.*)["\']%s*$')
    url = url or inside:match('^%s*<?(.-)>?%s*$')
    return escape(url), title and ' title="' .. escape(title) .. '"' or ''
  end

  text = text:gsub('[\1\2]', '')
  text = text:gsub('\\([\\`*_{}%[%]()#+%-.!|<>~])', function(c) return keep(escape(c)) end)
  text = text:gsub('(`+)(.-)%1', function(_, inside) return keep('<code>' .. escape(inside:match('^%s*(.-)%s*$')) .. '</code>') end)
  text = text:gsub('<(%a[%w+.-]*:[^%s>]+)>', function(url) return keep('<a href="' .. escape(url) .. '">' .. escape(url) .. '</a>') end)
  text = text:gsub('<!%-%-.-%-%->', keep):gsub('</?%a[^<>]*>', keep)
  text = text:gsub('&#?%w+;', keep)
  text = text:gsub('!(%b[])(%b())', function(alt, inside)
    local url, title = destination(inside:sub(2, -2))
    return keep('<img src="' .. url .. '" alt="' .. escape(alt:sub(2, -2)) .. '"' .. title .. '>')
  end)
  text = text:gsub('(%b[])(%b())', function(label, inside)
    local url, title = destination(inside:sub(2, -2))
    return keep('<a href="' .. url .. '"' .. title .. '>') .. label:sub(2, -2) .. keep('</a>')
  end)
  text = text:gsub('[&<>"]', function(c) return keep(escape(c)) end)
  text = emphasis(text)
  local again
  repeat
    text, again = text:gsub('\1(%d+)\2', function(n) return aside[tonumber(n)] end)
  until again == 0
  return text
end

return inline
