-- optim.Logger: columns of numbers and texts in a file, one row a call, and their plot.
local Logger = torch.class('optim.Logger')

function Logger:__init(filename, timestamp)
  if filename then
    self.name = filename
    local directory = filename:match('^(.*)/[^/]*$')
    if directory and directory ~= '' then require('paths').mkdir(directory) end
    if timestamp then filename = filename .. os.date('-%Y_%m_%d_%X') end
    self.file = assert(io.open(filename, 'w'))
    self.epsfile = self.name .. '.eps'
  else
    self.name = 'stdout'
    self.file = io.stdout
    print('<Logger> warning: no path provided, logging to std out')
  end
  self.empty = true
  self.symbols = {} -- by column: everything added
  self.styles = {}  -- by column: list of gnuplot styles
  self.names = {}   -- by column
  self.idx = {}     -- column by name
  self.figure = nil
  self.showPlot = true
  self.plotRawCmd = nil
  self.defaultStyle = '+'
  self.logscale = false
end

function Logger:_column(key, name)
  self.file:write(name, '\t')
  self.names[key] = name
  self.idx[name] = key
  self.symbols[key] = {}
  self.styles[key] = { self.defaultStyle }
end

function Logger:setNames(names)
  self.names, self.idx = {}, {}
  self.empty = false
  self.nsymbols = #names
  for i, name in ipairs(names) do self:_column(i, name) end
  self.file:write('\n')
  self.file:flush()
  return self
end

-- Columns in their order: by number, then by name.
local function sortedKeys(row)
  local keys = {}
  for key in pairs(row) do keys[#keys + 1] = key end
  table.sort(keys, function(a, b)
    if type(a) ~= type(b) then return type(a) == 'number' end
    return a < b
  end)
  return keys
end

function Logger:add(row)
  local keys = sortedKeys(row)
  if self.empty then
    self.empty = false
    self.nsymbols = #row
    for _, key in ipairs(keys) do self:_column(key, key) end
    self.file:write('\n')
  end
  for _, key in ipairs(keys) do
    local value = row[key]
    if type(value) == 'number' then self.file:write(string.format('%11.4e', value), '\t')
    elseif type(value) == 'string' then self.file:write(value, '\t')
    else error('can only log numbers and strings', 2) end
  end
  self.file:write('\n')
  self.file:flush()
  for _, key in ipairs(keys) do
    local column = self.symbols[key] or self.symbols[self.idx[key]]
    if column then table.insert(column, row[key]) end
  end
end

-- A style for every column: a string, or a list of them.
function Logger:style(styles)
  for key, style in pairs(styles) do
    if type(style) == 'string' then self.styles[key] = { style }
    elseif type(style) == 'table' then self.styles[key] = style
    else error('style should be a string or a table of strings', 2) end
  end
  return self
end

function Logger:setlogscale(on) self.logscale = on end
function Logger:display(on) self.showPlot = on end

function Logger:_plots(wanted)
  local plots = {}
  for _, key in ipairs(#wanted > 0 and wanted or sortedKeys(self.symbols)) do
    local values = self.symbols[key] or self.symbols[self.idx[key]]
    if values and #values > 1 and type(values[1]) == 'number' then
      for _, style in ipairs(self.styles[key] or self.styles[self.idx[key]]) do
        table.insert(plots, { tostring(self.names[key] or key), torch.Tensor(values), style })
      end
    end
  end
  return plots
end

-- Draws the columns named (all by default) on the screen and to epsfile.
function Logger:plot(...)
  local ok, gnuplot = pcall(require, 'gnuplot')
  if not ok then error('Logger:plot needs the package gnuplot', 2) end
  local plots = self:_plots{ ... }
  if #plots == 0 then return end
  local function draw()
    if self.logscale then gnuplot.logscale('on') end
    gnuplot.plot(plots)
    if self.plotRawCmd then gnuplot.raw(self.plotRawCmd) end
    gnuplot.grid('on')
    gnuplot.title('<Logger::' .. self.name .. '>')
  end
  if self.showPlot then
    self.figure = gnuplot.figure(self.figure)
    draw()
  end
  if self.epsfile then
    os.remove(self.epsfile)
    local figure = gnuplot.epsfigure(self.epsfile)
    draw()
    gnuplot.plotflush()
    gnuplot.close(figure)
  end
end
