-- File names, directories and searching. What needs the system is in libpaths.
paths = require 'libpaths'

local function check(name, i, value)
  if type(value) == 'number' then return tostring(value) end
  if type(value) ~= 'string' then
    error(string.format("bad argument #%d to '%s' (string expected, got %s)", i, name, value == nil and 'no value' or type(value)), 3)
  end
  return value
end

function paths.basename(path, suffix)
  local name = check('basename', 1, path):match('([^/]*)/*$')
  if not suffix then return name end
  local ending = '.' .. suffix:gsub('^%.', '')
  return name:sub(-#ending) == ending and name:sub(1, -#ending - 1) or name
end

function paths.dirname(path)
  local head = check('dirname', 1, path):match('^(.-)[^/]*/*$'):gsub('/+$', '')
  if head ~= '' then return head end
  return path:sub(1, 1) == '/' and '/' or '.'
end

function paths.extname(path)
  local extension = check('extname', 1, path):match('%.([^./]*)$')
  if extension then return extension end
end

function paths.concat(...)
  local whole = paths.cwd()
  for i = 1, select('#', ...) do
    local part = check('concat', i, (select(i, ...)))
    whole = part:sub(1, 1) == '/' and part or whole .. '/' .. part
  end
  local kept = {}
  for name in whole:gmatch('[^/]+') do
    if name == '..' then kept[#kept] = nil
    elseif name ~= '.' then kept[#kept + 1] = name end
  end
  return '/' .. table.concat(kept, '/')
end

function paths.files(path, filter)
  local accept = filter
  if type(filter) == 'string' then
    accept = function(name) return name:find(filter) end
  elseif filter ~= nil and type(filter) ~= 'function' then
    error('files: the filter is a Lua pattern or a function, not a ' .. type(filter), 2)
  end
  local names, i = paths.dir(path) or {}, 0
  return function()
    repeat i = i + 1 until not names[i] or not accept or accept(names[i])
    return names[i]
  end
end

function paths.iterdirs(path)
  return paths.files(path, function(name) return name ~= '.' and name ~= '..' and paths.dirp(path .. '/' .. name) end)
end

function paths.iterfiles(path)
  return paths.files(path, function(name) return paths.filep(path .. '/' .. name) end)
end

function paths.is_win() return paths.uname():match('Windows') end
function paths.is_mac() return paths.uname():match('Darwin') end

paths.home = os.getenv('HOME') or '.'

-- depth as in debug.getinfo: 2 is the caller
function paths.thisfile(name, depth)
  local info = debug.getinfo(depth or 2, 'S')
  local file = info and info.source:match('^@(.*)')
  if not file then return nil end
  file = paths.concat(file)
  return name and paths.concat(paths.dirname(file), name) or file
end

function paths.dofile(file, depth)
  local caller = paths.thisfile(nil, (depth or 1) + 2)
  return dofile(caller and paths.concat(paths.dirname(caller), file) or file)
end

function paths.findprogram(...)
  for i = 1, select('#', ...) do
    local name = select(i, ...)
    if name:find('/') then
      if paths.filep(name) then return paths.concat(name) end
    else
      for folder in (os.getenv('PATH') or ''):gmatch('[^:]+') do
        local file = folder .. '/' .. name
        if paths.filep(file) then return paths.concat(file) end
      end
    end
  end
  return nil
end

-- The C part of a package: libNAME, linked in or found along package.cpath.
function paths.require(name) return require('lib' .. name) end

local bin = paths.execdir() or '.'
paths.install_prefix = paths.basename(bin) == 'bin' and paths.dirname(bin) or bin
paths.install_bin = bin
paths.install_lib = paths.install_prefix .. '/lib'
paths.install_share = paths.install_prefix .. '/share'
paths.install_lua_path = paths.install_prefix .. '/share/lua/5.1'
paths.install_lua_cpath = paths.install_prefix .. '/lib/lua/5.1'

return paths
