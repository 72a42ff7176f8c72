-- Layout and pictures by graphviz's own programs (dot, neato, ...), where they are installed.

local function quoted(s) return "'" .. s:gsub("'", "'\\''") .. "'" end

local function program(engine)
  engine = engine or 'dot'
  if not engine:match('^%w+$') then error('graphviz layout expected, got ' .. engine, 3) end
  local pipe = io.popen('command -v ' .. engine .. ' 2>/dev/null')
  local found = pipe:read('*l')
  pipe:close()
  return found and engine
end

local function run(g, engine, options)
  engine = program(engine)
  if not engine then error('graphviz library could not be loaded.', 3) end
  local pipe = assert(io.popen(engine .. ' ' .. options, 'w'))
  pipe:write(g:todot())
  pipe:close()
end

-- Renders g into a file of the kind its name ends with (svg, png, pdf, ...).
function graph.graphvizFile(g, engine, fname)
  local kind = fname:match('%.(%w+)$')
  if not kind then error('a file name that ends with .svg, .png, ... expected, got ' .. fname, 2) end
  run(g, engine, '-T' .. kind .. ' -o ' .. quoted(fname))
end

-- Positions of the nodes within the picture, n x 2, each in 0..1.
function graph.graphvizLayout(g, engine)
  local name = os.tmpname()
  run(g, engine, '-Tplain -o ' .. quoted(name))
  local positions = torch.zeros(#g.nodes, 2)
  local width, height = 1, 1
  for line in io.lines(name) do
    local w, h = line:match('^graph %S+ (%S+) (%S+)')
    if w then width, height = tonumber(w), tonumber(h) end
    local i, x, y = line:match('^node n(%d+) (%S+) (%S+)')
    if i then
      positions[tonumber(i)][1] = x / width
      positions[tonumber(i)][2] = y / height
    end
  end
  os.remove(name)
  return positions
end

-- Writes fname.dot, and fname.svg where graphviz is installed. Without fname the text goes to the screen.
function graph.dot(g, title, fname)
  local text = g:todot(title)
  if not fname then
    print(text)
    return
  end
  local file = assert(io.open(fname .. '.dot', 'w'))
  file:write(text)
  file:close()
  local engine = program('dot')
  if engine then
    os.execute(engine .. ' -Tsvg -o ' .. quoted(fname .. '.svg') .. ' ' .. quoted(fname .. '.dot'))
  else
    io.stderr:write('graph.dot: graphviz is not installed, only ' .. fname .. '.dot was written\n')
  end
end
