local sundown = require 'sundown'
local tester, tests = torch.Tester(), torch.TestSuite()

local cases = {
  heading = {'a\n===\n\nb\n-\n', '<h1>a</h1>\n\n<h2>b</h2>\n'},
  nested_list = {'* a\n* b\n  * c\n* d', '<ul>\n<li>a</li>\n<li>b\n\n<ul>\n<li>c</li>\n</ul>\n</li>\n<li>d</li>\n</ul>\n'},
  loose_list = {'1. x\n\n2. y\n\n   more\n', '<ol>\n<li>x</li>\n<li><p>y</p>\n\n<p>more</p>\n</li>\n</ol>\n'},
  quote = {'> q\n> r', '<blockquote>\n<p>q\nr</p>\n</blockquote>\n'},
  inline = {'`x<y` *b* _c_ __d__ a_b_c **e f** \\*no\\*',
    '<p><code>x&lt;y</code> <em>b</em> <em>c</em> <strong>d</strong> a_b_c <strong>e f</strong> *no*</p>\n'},
  links = {'![i](u.png "t") [l](m) [r] <http://a.b/?d&e>',
    '<p><img src="u.png" alt="i" title="t"> <a href="m">l</a> [r] <a href="http://a.b/?d&amp;e">http://a.b/?d&amp;e</a></p>\n'},
  fence = {'```lua\nx = "1"\n\ny\n```\nz', '<pre><code class="lua">x = &quot;1&quot;\n\ny\n</code></pre>\n\n<p>z</p>\n'},
  open_fence = {'```\na b', '<pre><code>a b\n</code></pre>\n'},
  indented = {'    a\n\n    b\n\nc', '<pre><code>a\n\nb\n</code></pre>\n\n<p>c</p>\n'},
  table = {'a | b\n--|--\n1 | 2\n', '<table><thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead><tbody>\n'
    .. '<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody></table>\n'},
  entities = {'&amp; & < > "', '<p>&amp; &amp; &lt; &gt; &quot;</p>\n'},
  html = {'<div>\n*raw*\n</div>\n\n<b>x</b>', '<div>\n*raw*\n</div>\n\n<p><b>x</b></p>\n'},
  empty = {'', ''},
}
for name, case in pairs(cases) do
  tests[name] = function() tester:eq(sundown.renderHTML(case[1]), case[2]) end
end

function tests.any_text_is_rendered()
  local pieces = {'#', '- ', '* ', '\n', '\n\n', '`', '```\n', '> ', '    ', '|', '-|-', 'a', '[', '](', ')', '<', '>', '&', '_', '**',
    '1. ', '\\', '\1', '\t'}
  math.randomseed(1)
  for _ = 1, 2000 do
    local text = {}
    for i = 1, math.random(12) do text[i] = pieces[math.random(#pieces)] end
    text = table.concat(text)
    tester:assert(pcall(sundown.render, text), string.format('%q', text))
  end
end

tester:add(tests):run()
