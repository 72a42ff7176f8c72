-- The object model: classes made with torch.class, and the metatables that they share with the
-- userdata classes of the core (spec: names, inheritance, operators).
--
-- A class is its metatable. `classes` finds it by name, `names` tells a class from other tables, and
-- the parent of a class is the metatable of its metatable.
local torch = torch
local classes = {}
local names = setmetatable({}, {__mode = 'k'})
local constructors = {}                              -- name -> constructor table
local owner = setmetatable({}, {__mode = 'k'})       -- constructor table -> class
local cdata_class = {}                               -- number of a ctype -> class

local rawget, rawset, type, setmetatable = rawget, rawset, type, setmetatable
local debug_setmetatable, debug_getmetatable = debug.setmetatable, debug.getmetatable

local function class_of(object)
   if type(object) == 'cdata' then
      return next(cdata_class) and cdata_class[tonumber(require('ffi').typeof(object))] or nil
   end
   local mt = debug_getmetatable(object)
   return mt and names[mt] and mt or nil
end

local function typename(object) local mt = class_of(object) return mt and names[mt] end

function torch.typename(...)
   if select('#', ...) == 0 then error("bad argument #1 to 'typename' (value expected)", 2) end
   local name = typename((...))
   if name then return name end
end

function torch.type(object) return typename(object) or type(object) end

function torch.isTypeOf(object, spec)
   local mt = class_of(object)
   if type(spec) == 'table' then
      local wanted = owner[spec] or names[spec] and spec
      while mt do
         if mt == wanted then return true end
         mt = debug_getmetatable(mt)
      end
      return false
   elseif type(spec) ~= 'string' then
      error('torch.isTypeOf: the second argument must be a class name, a pattern or a class, got ' .. type(spec), 2)
   end
   local pattern = '^' .. spec .. '$'
   while mt do
      local name = names[mt]
      if name and (name == spec or name:find(pattern)) then return true end
      mt = debug_getmetatable(mt)
   end
   return false
end

-- ---- operators ----

local messages = {
   __add = 'addition', __sub = 'substraction', __mul = 'multiplication', __div = 'division', __mod = 'modulo',
   __pow = 'power', __concat = 'concat', __lt = 'less-than', __le = 'less-equal',
}
local function field(object, key)
   local mt = class_of(object)
   return mt and mt[key]
end

local operators = {}
for event, title in pairs(messages) do
   local key = event .. '__'
   operators[event] = function(a, b)
      local f = field(a, key) or field(b, key)
      if f then return f(a, b) end
      error(('both %s and %s have no %s operator'):format(torch.type(a), torch.type(b), title), 2)
   end
end
function operators.__eq(a, b)
   local f = field(a, '__eq__') or field(b, '__eq__')
   if f then return f(a, b) end
   return rawequal(a, b)
end
function operators.__unm(a)
   local f = field(a, '__unm__')
   if f then return f(a) end
   error(torch.type(a) .. ' has no negation operator', 2)
end
function operators.__len(a)
   local f = field(a, '__len__')
   if f then return f(a) end
   if type(a) == 'table' then return rawlen(a) end
   error(torch.type(a) .. ' has no length operator', 2)
end
function operators.__call(a, ...)
   local f = field(a, '__call__')
   if f then return f(a, ...) end
   error(torch.type(a) .. ' has no call operator', 2)
end
function operators.__tostring(a)
   local f = field(a, '__tostring__')
   if f then return f(a) end
   return torch.type(a)
end

-- Classes that define __index__ or __newindex__ get these in place of the plain metatable.
local function index_handler(mt)
   return function(self, key)
      local f = mt.__index__
      if f and not names[self] then
         local value, handled = f(self, key)
         if handled then return value end
      end
      return mt[key]
   end
end
local function newindex_handler(mt)
   return function(self, key, value)
      local f = mt.__newindex__
      if f and not names[self] and f(self, key, value) then return end
      if type(self) ~= 'table' then error('the class ' .. torch.type(self) .. ' cannot be indexed', 2) end
      rawset(self, key, value)
   end
end
local function settle_handlers(mt)
   if rawget(mt, '__settled') then return end
   rawset(mt, '__settled', true)
   if mt.__index__ then rawset(mt, '__index', index_handler(mt)) end
   if mt.__newindex__ then rawset(mt, '__newindex', newindex_handler(mt)) end
end

-- ---- making classes ----

-- Packages that load classes at first use put a function here: name -> nothing.
torch._autoload = {}
local function find(name)
   local mt = classes[name]
   if mt or type(name) ~= 'string' then return mt end
   local load = torch._autoload[name:match('^(.*)%.[^.]*$') or '']
   if load then load(name) end
   return classes[name]
end

local function place(name, module)
   if module then return module, name:match('[^.]*$') end
   local package = _G
   local path, last = name:match('^(.*)%.([^.]*)$')
   if not path then return package, name end
   for part in path:gmatch('[^.]+') do
      package = type(package) == 'table' and package[part] or nil
      if type(package) ~= 'table' then
         error(('while creating metatable %s: bad argument #1 (%s is an invalid module name)'):format(name, path), 3)
      end
   end
   return package, last
end

function torch.newmetatable(name, parent, constructor, destructor, factory, module)
   if type(name) ~= 'string' then
      error(("bad argument #1 to 'newmetatable' (string expected, got %s)"):format(torch.type(name)), 2)
   end
   if classes[name] then error(('torch.newmetatable: the class %s exists already'):format(name), 2) end
   local parentmt = parent and find(parent)
   if parent and not parentmt then
      error(('bad argument #2 (invalid parent class name %s)'):format(tostring(parent)), 2)
   end
   local package, last = place(name, module)
   local mt = {__typename = name, __version = 1, __factory = factory, __gc = destructor,
               __constructor = constructor, new = constructor}
   mt.__metatable, mt.__index = mt, mt
   for event, f in pairs(operators) do mt[event] = f end
   classes[name], names[mt] = mt, name
   if parentmt then debug_setmetatable(mt, parentmt) end
   if constructor then
      local table = {}
      owner[table], constructors[name] = mt, table
      rawset(package, last, setmetatable(table, {
         __index = mt, __newindex = mt, __metatable = mt,
         __call = function(_, ...) return constructor(...) end,
         __tostring = function() return 'class ' .. name end,
      }))
   end
   return mt
end

local function usage() error('<class name> [<parent class name>] [<module table>] expected', 3) end

function torch.class(name, parent, module)
   if type(parent) == 'table' and module == nil then parent, module = nil, parent end
   if type(name) ~= 'string' or (parent ~= nil and type(parent) ~= 'string') or
      (module ~= nil and type(module) ~= 'table') then usage() end
   local mt
   local function make()
      settle_handlers(mt)
      return setmetatable({}, mt)
   end
   local function construct(...)
      local self = make()
      local init = mt.__init
      if init then init(self, ...) end
      return self
   end
   mt = torch.newmetatable(name, parent, construct, nil, make, module)
   return mt, debug_getmetatable(mt)
end

-- Gives a class another constructor (the userdata classes, whose constructor needs the metatable).
function torch._setconstructor(name, constructor)
   local mt = classes[name]
   mt.new, mt.__constructor, mt.__factory = constructor, constructor, constructor
   debug_getmetatable(constructors[name]).__call = function(_, ...) return constructor(...) end
end

-- ---- looking classes up ----

function torch.factory(name) local mt = find(name) return mt and mt.__factory or nil end
function torch.getmetatable(name) return find(name) end
function torch.getconstructortable(name)
   if find(name) then return constructors[name] end
end

function torch.setmetatable(object, name)
   local mt = find(name)
   if not mt then error(("bad argument #2 to 'setmetatable' (unknown typename %s)"):format(tostring(name)), 2) end
   settle_handlers(mt)
   debug_setmetatable(object, mt)
   return name
end

function torch.metatype(name, mt, ctype)
   if classes[name] then error(('torch.metatype: the class %s exists already'):format(tostring(name)), 2) end
   mt.__typename = name
   classes[name], names[mt] = mt, name
   if ctype then cdata_class[tonumber(require('ffi').typeof(ctype))] = mt end
end

function torch.version(object) local mt = class_of(object) return mt and mt.__version end
function torch.isTensor(object) local n = typename(object) return n ~= nil and n:find('^torch%..*Tensor$') ~= nil end
function torch.isStorage(object) local n = typename(object) return n ~= nil and n:find('^torch%..*Storage$') ~= nil end

local function with_environment(object)
   local t = type(object)
   return t == 'function' or t == 'userdata'
end
function torch.getenv(object)
   if not with_environment(object) then error('torch.getenv: function or userdata expected, got ' .. torch.type(object), 2) end
   return debug.getfenv(object)
end
function torch.setenv(object, environment)
   if not with_environment(object) then error('torch.setenv: function or userdata expected, got ' .. torch.type(object), 2) end
   debug.setfenv(object, environment or {})
end
