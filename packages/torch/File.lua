-- Files, and objects in them: torch.File and its kinds, torch.save, torch.load and their relatives.
local lib = require 'libtorch'
local torch = torch

-- ---- classes ----

local common, of_disk, of_memory = lib.file_methods()
local file = torch.newmetatable('torch.File')
for name, f in pairs(common) do file[name] = f end
file.writeObject, file.readObject, file.isWritableObject = lib.write_object, lib.read_object, lib.is_writable_object

local support = {}
for name, methods in pairs{ DiskFile = of_disk, MemoryFile = of_memory, PipeFile = {} } do
  local mt = torch.newmetatable('torch.' .. name, 'torch.File', lib[name])
  for key, f in pairs(methods) do mt[key] = f end
  mt.__tostring__ = common.__tostring__
  support[name] = mt
end

for _, name in ipairs{ 'Byte', 'Char', 'Short', 'Int', 'Long', 'Half', 'Float', 'Double' } do
  for _, kind in ipairs{ 'Tensor', 'Storage' } do
    local mt = torch.getmetatable('torch.' .. name .. kind)
    mt.write, mt.read = lib.write_payload, lib.read_payload
  end
end
local generator = torch.getmetatable('torch.Generator')
generator.write, generator.read = lib.write_payload, lib.read_payload

-- ---- functions of files that nobody vouched for ----

-- Stands where a function was: bytecode from a file can do anything, so it runs only on request.
local inert = torch.class('torch.InertFunction')
local how = "to let the functions of a file run, trust it: torch.load(path, mode, {trust = true}), or TORCH_TRUST=1 in the environment"

function inert:__call__()
  if self.reason then error(('this function came from <%s> and could not be loaded: %s'):format(self.from, self.reason), 3) end
  error(('this function came from <%s> and was not loaded; %s'):format(self.from, how), 3)
end
function inert:__tostring__()
  return ('torch.InertFunction from <%s> (%s)'):format(self.from, self.reason or how)
end

local inert_factory = torch.factory('torch.InertFunction')
function support.inert_function(bytecode, from, reason)
  local object = inert_factory()
  object.bytecode, object.from, object.reason, object.upvalues = bytecode, from, reason, {}
  return object
end

-- Upvalue ids count within a file; `cells` makes them unique among all files, for later saving.
local last_cell = 0
function support.keep_upvalues(object, list, plain, session)
  if type(list) ~= 'table' then return end
  session.cells = session.cells or {}
  local cells, n = session.cells, 0
  for k in pairs(list) do if type(k) == 'number' and k == math.floor(k) and k > n and k <= 255 then n = k end end
  for k = 1, n do
    local from = not plain and type(list[k]) == 'table' and list[k] or { value = list[k] }
    local cell = from.id ~= nil and cells[from.id]
    if not cell then
      last_cell = last_cell + 1
      cell = last_cell
      if from.id ~= nil then cells[from.id] = cell end
    end
    object.upvalues[k] = { name = from.name, value = from.value, id = cell }
  end
end

-- ---- classes of objects ----

local package_of = { ['nn.gModule'] = 'nngraph', ['nn.DataParallelTable'] = 'cunn' }

-- A new object of the class and its read method; or nil and what to do.
function support.class_to_read(name, from)
  local factory = torch.factory(name)
  local known = name
  if not factory and name:find('^cudnn%.') then
    known = 'nn.' .. name:match('^cudnn%.(.*)$')
    factory = torch.factory(known)
  end
  if not factory then
    local package = package_of[known] or known:match('^(.*)%.[^.]*$')
    if not package then return nil, 'define the class before you load the file' end
    if _G.package.loaded[package] then
      return nil, ("package '%s' is loaded, but has no such class"):format(package)
    end
    return nil, ("require '%s', or define the class, before you load the file"):format(package)
  end
  local mt = torch.getmetatable(known)
  local object
  if known:find('^torch%.') then object = factory() else object = factory(from) end
  return object, mt.read or mt.__read
end

function support.can_write(name)
  local mt = torch.getmetatable(name)
  return mt and (mt.write or mt.__write) and true or false
end

support.getmetatable, support.typename, support.pointer = torch.getmetatable, torch.typename, torch.pointer
lib.files_setup(support)

-- ---- functions ----

local function check_reference(referenced)
  if referenced == nil then return true end
  if type(referenced) ~= 'boolean' then error('true or false (or nil) expected for referenced', 3) end
  return referenced
end

function torch.save(path, object, mode, referenced)
  mode = mode or 'binary'
  if mode ~= 'binary' and mode ~= 'ascii' then error('"binary" or "ascii" (or nil) expected for mode', 2) end
  referenced = check_reference(referenced)
  local f = lib.replacing_file(path)
  f[mode](f)
  f:referenced(referenced)
  local ok, message = pcall(f.writeObject, f, object)
  if ok then ok, message = pcall(lib.file_commit, f) else lib.file_abandon(f) end
  if not ok then error(message, 0) end
end

local long_size = { b32 = 4, b64 = 8 }

-- The third argument may also be a table of options: referenced, trust.
function torch.load(path, mode, referenced)
  mode = mode or 'binary'
  if mode ~= 'binary' and mode ~= 'ascii' and not long_size[mode] then
    error('"binary", "b32", "b64" or "ascii" (or nil) expected for mode', 2)
  end
  local options = type(referenced) == 'table' and referenced or { referenced = referenced }
  local keep = check_reference(options.referenced)
  local f = torch.DiskFile(path, 'r')
  if mode == 'ascii' then f:ascii() else f:binary() end
  if long_size[mode] then f:longSize(long_size[mode]) end
  f:referenced(keep)
  lib.file_trust(f, options.trust)
  local ok, object = pcall(f.readObject, f)
  f:close()
  if not ok then error(object, 0) end
  return object
end

torch.saveobj, torch.loadobj = torch.save, torch.load
torch.serialize, torch.deserialize = lib.serialize, lib.deserialize
torch.serializeToStorage, torch.deserializeFromStorage = lib.serialize_to_storage, lib.deserialize_storage
