-- Timer, loading of files, and the functions that only switch something.
local lib = require 'libtorch'

-- ---- torch.Timer ----

local Timer = torch.class('torch.Timer')

function Timer:__init() self:reset() end
function Timer:reset()
  self._real, self._user, self._sys = 0, 0, 0
  self._start = {lib.clock()}
  self._running = true
  return self
end
function Timer:time()
  local real, user, sys = self._real, self._user, self._sys
  if self._running then
    local r, u, s = lib.clock()
    local start = self._start
    real, user, sys = real + r - start[1], user + u - start[2], sys + s - start[3]
  end
  return {real = real, user = user, sys = sys}
end
function Timer:stop()
  local t = self:time()
  self._real, self._user, self._sys, self._running = t.real, t.user, t.sys, false
  return self
end
function Timer:resume()
  if not self._running then self._start, self._running = {lib.clock()}, true end
  return self
end
function Timer:__tostring__()
  return ('torch.Timer [status: %s]'):format(self._running and 'running' or 'stopped')
end

-- ---- switches that have nothing left to switch ----

torch._heaptracking = false
function torch.setheaptracking(on)
  if type(on) ~= 'boolean' then error("bad argument #1 to 'setheaptracking' (boolean expected, got " .. torch.type(on) .. ')', 2) end
  torch._heaptracking = on
end
function torch.updateerrorhandlers() end
function torch.updatethreadlocals() end

-- ---- files of packages ----

function torch.packageLuaPath(name)
  if not name then return (package.path:match('([^;]*)%?') or './'):gsub('/$', '') end
  for path in package.path:gmatch('[^;]+') do
    local file = path:gsub('%?', name)
    local f = io.open(file)
    if f then
      f:close()
      return file:match('^(.*/' .. name:gsub('%p', '%%%0') .. ')/init%.lua$') or file:match('^(.*)/[^/]*$')
    end
  end
  return 'packages/' .. name
end

-- Runs `file` of a package's folder, from disk or from the executable.
function torch.include(package_name, file)
  local name = package_name .. '.' .. file:gsub('%.lua$', ''):gsub('/', '.')
  for _, searcher in ipairs(package.loaders) do
    local load = searcher(name)
    if type(load) == 'function' then return load(name) end
  end
  error(('torch.include: no file %s in package %s'):format(file, package_name), 2)
end

-- Relative to the file of the caller.
function include(file)
  local source = debug.getinfo(2, 'S').source:gsub('^@', '')
  local folder = source:match('^(.*)/[^/]*$') or '.'
  local package_name = folder:match('^packages/(.+)$')
  if package_name then return torch.include(package_name:gsub('/', '.'), file) end
  return dofile(folder .. '/' .. file)
end

if not string.gfind then string.gfind = string.gmatch end
if not table.unpack then table.unpack = unpack end

-- Classes that few scripts need are loaded by their first use.
local late = {CmdLine = 'torch.CmdLine', Tester = 'torch.Tester', TestSuite = 'torch.TestSuite', einsum = 'torch.einsum',
              test = 'torch.test'}
setmetatable(torch, {
  __index = function(t, key)
    local module = late[key]
    if not module then return nil end
    late[key] = nil
    require(module)
    return rawget(t, key)
  end,
})
torch._autoload.torch = function(name) return torch[name:match('[^.]*$')] end
