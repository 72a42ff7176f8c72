-- Times named pieces of a program, in real and processor seconds.
require 'torch'
local Profiler = torch.class('xlua.Profiler')

function Profiler:__init(mode, verbose)
  self.off = mode == 'off'
  self.verbose = verbose or false
  self.events = {} -- by name
  self.list = {} -- names in the order they were started
end

local function event(self, name)
  return self.events[name] or error('# ERROR: There is no such profiler - ' .. tostring(name) .. ', create it first', 3)
end

function Profiler:start(name, rate)
  if not self.events[name] then
    self.events[name] = {reality = -1, cpu = -1}
    table.insert(self.list, name)
  end
  local e = self.events[name]
  e.fps = rate == 'fps'
  if self.verbose then
    io.write('<', name, '>\r')
    io.flush()
  end
  e.start_cpu, e.start_real = os.clock(), sys.clock()
end

function Profiler:lap(name, divider)
  local real, cpu = sys.clock(), os.clock()
  local e = event(self, name)
  e.reality = (real - e.start_real) / (divider or 1)
  e.cpu = (cpu - e.start_cpu) / (divider or 1)
  if self.verbose then self:print(name) end
  return e.reality, e.cpu
end

function Profiler:real(name) return event(self, name).reality end
function Profiler:cpu(name) return event(self, name).cpu end
function Profiler:setColor(name, color) event(self, name).color = color end

local function colored(e, text)
  local color = e.color and (sys.COLORS[e.color] or e.color)
  return color and color .. text .. sys.COLORS.none or text
end

function Profiler:format(name)
  local e = event(self, name)
  return colored(e, string.format('$ real | cpu: %f | %f <%s>', e.reality, e.cpu, name))
end

function Profiler:print(name)
  if not self.off then print(self:format(name)) end
end

local function report(self, name)
  local e = event(self, name)
  local text = string.format('$ real %f | cpu %f <%s>', e.reality, e.cpu, name)
  if e.fps then text = text .. string.format(' = %f fps', 1 / e.reality) end
  return colored(e, text)
end

function Profiler:formatAll()
  local lines = {'$ profiler report:'}
  for _, name in ipairs(self.list) do lines[#lines + 1] = report(self, name) end
  return table.concat(lines, '\n')
end

function Profiler:printAll()
  if not self.off then print(self:formatAll()) end
end

-- Draws the report with a Qt painter.
function Profiler:displayAll(options)
  local painter = options.painter
  local zoom, x, y = options.zoom or 1, options.x or 0, options.y or 0
  painter:gbegin()
  for i, name in ipairs(self.list) do
    painter:moveto(x * zoom, (y + 20 * i) * zoom)
    painter:show(report(self, name))
  end
  painter:gend()
end
