-- The prompt: reads a line, runs it, prints its values.
local complete = require 'trepl.complete'
local colors = require 'trepl.colors'
local printing = require 'trepl.print'
local system = require 'libsys'
local clock = system.clock
-- a line may take these names for itself
local dok, sys, require, pcall, xpcall, loadstring = dok, sys, require, pcall, xpcall, loadstring
local function print(...) return (rawget(_G, 'print') or printing.new)(...) end

-- luacheck: push ignore 611 612 613
local banner = [[
 
  ______             __   |  Torch7 
 /_  __/__  ________/ /   |  Scientific computing for Lua. 
  / / / _ \/ __/ __/ _ \  |  Type ? for help 
 /_/  \___/_/  \__/_//_/  |  https://github.com/torch 
                          |  http://torch.ch 
]]

local help_text = [[
th is an enhanced interpreter for Lua: a line is run, and its values are printed.
 
  > 1 + 1                 values are printed, unless the line ends in ;
  > _LAST, _RESULTS       the last value, and all of them
  > for i = 1, 3 do       what is not complete goes on in the next line
  > ? torch.randn         documentation of a function, class or package
  > browse('nn')          documentation in a browser
  > $ ls -l               a command of the shell
  > who()                 your variables; who(true) shows those of the system too
  > import 'torch'        makes the fields of a package global
  > setprintlevel(n)      how deep tables are opened, 0 for not at all
  > monitor_G()           tells when global variables are made or missing
  > noColors()            no colours from here on
  > exit, break           ends; so does control-D
 
The tab key completes names, fields, methods, and file names in strings.]]
-- luacheck: pop

local aliases = {ls = 'ls -F', ll = 'ls -lhF', la = 'ls -aF', lla = 'ls -lahF'}

-- The line editor belongs to th and to terminals; without one lines come from standard input as they are.
local function line_reader()
  local ok, editor = pcall(require, 'th.line_editor')
  if ok and system.isatty(0) and system.isatty(1) and editor.open(complete) then return editor.read end
  return function(prompt)
    io.write(prompt)
    io.flush()
    return io.read()
  end
end

local function really_exit(read)
  local answer = read('Do you really want to exit ([y]/n)? ')
  if answer == nil then print('') end
  return answer == nil or answer == '' or answer:lower() == 'y'
end

local function parses(code) return loadstring('return ' .. code) or loadstring(code) end

-- Further lines until they make a statement, an empty one or the end comes; nil when control-C gives it up.
local function whole_statement(line, read)
  if parses(line) then return line end
  while not loadstring(line) do
    local more, given_up = read('..> ')
    if given_up then return nil end
    if more == nil or more == '' then break end
    line = line .. '\n' .. more
  end
  return line
end

local function same(...) return ... end

-- The values of an expression are wanted, not those of a statement. They are handed to `same`, since a call in
-- `return f()` would leave the line out of tracebacks and messages.
local function compile(line)
  if not line:find(';%s*$') and not line:find('^%s*print%s*[%({\'"]') then
    local call = 'return (...)(' .. line
    -- a line may end in a comment
    local chunk = loadstring('return ' .. line) and (loadstring(call .. ')', line) or loadstring(call .. '\n)', line))
    if chunk then return chunk, true end
  end
  local chunk, problem = loadstring(line, line)
  return chunk, false, problem
end

local function traceback(problem)
  if type(problem) ~= 'string' then return problem end
  local text = debug.traceback(problem, 2)
  -- the frames of this loop say nothing about the error
  return (text:gsub("\n%s*%[C%]: in function 'xpcall'.*$", ''))
end

local function results()
  if type(rawget(_G, '_RESULTS')) ~= 'table' then rawset(_G, '_RESULTS', {}) end
  return rawget(_G, '_RESULTS')
end

-- Prints the values up to the first nil.
local function show(...)
  if (...) == nil then return end
  local values, count = {...}, 0
  while values[count + 1] ~= nil do count = count + 1 end
  table.insert(results(), values[1])
  print(unpack(values, 1, count))
end

local function shell(command)
  local first, rest = command:match('^%s*(%S*)(.*)$')
  local output = sys.execute((aliases[first] or first) .. rest)
  table.insert(results(), output)
  if output ~= '' then io.write(output, '\n') end
end

local function help(name)
  if name == '' then
    for line in help_text:gmatch('[^\n]+') do print(line) end
  else
    if colors.none == '' then dok.dontusecolors() end
    dok.help(name)
  end
end

local function when(wanted, ok, ...)
  if not ok then return print((...)) end
  if not wanted then return end
  local shown, problem = xpcall(show, traceback, ...)
  if not shown then printing.new(problem) end
end

local function evaluate(line)
  local chunk, wanted, problem = compile(line)
  if chunk then when(wanted, xpcall(chunk, traceback, same)) else print('syntax error: ' .. problem) end
end

-- One line from the prompt and what follows from it; true at the end.
local function step(read)
  local line, given_up = read('th> ')
  if given_up then return end
  local started, timed = clock(), true
  if line == nil or line:find('^%s*exit%s*$') then
    if really_exit(read) then return true end
  elseif line:find('^%s*break%s*$') then return true
  elseif line:find('^%s*%?') then
    local name = line:match('^%s*%?%s*(.-)%s*$')
    timed = name ~= ''
    help(name)
  elseif line:find('^%s*%$') then
    timed = false
    shell(line:match('^%s*%$(.*)$'))
  else
    line = whole_statement(line:gsub('^%s*=', ''), read)
    if not line then return end
    started = clock()
    evaluate(line)
  end
  rawset(_G, '_LAST', results()[#results()])
  if timed then print((' '):rep(70) .. colors.Black .. string.format('[%.4fs]', clock() - started) .. colors.none) end
end

return function()
  io.write(banner, '\t\n')
  local read = line_reader()
  repeat
    -- control-C between two lines, or a print of the user's that fails
    local ok, finished = xpcall(step, traceback, read)
    if not ok then printing.new(finished) end
  until ok and finished
end
