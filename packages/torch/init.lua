-- The torch package: classes, tensors and storages of every element type, functions.
local lib = require 'libtorch'

torch = torch or {}
local torch = torch
package.loaded.torch = torch

require 'torch.class'

-- ---- tensors, storages, generators ----

local types = {'Byte', 'Char', 'Short', 'Int', 'Long', 'Half', 'Float', 'Double'} -- as in torch9/types.h
local function unbuilt() end

local function userdata_class(name, bind, k, methods)
  local mt = torch.newmetatable(name, nil, unbuilt)
  torch._setconstructor(name, bind(k - 1, mt))
  for key, f in pairs(methods) do mt[key] = f end
  return mt
end

local storage_methods, tensor_methods = lib.storage_methods(), lib.tensor_methods()
tensor_methods.apply, tensor_methods.map, tensor_methods.map2 = lib.tensor_apply, lib.tensor_map, lib.tensor_map2

-- The operations of an element type become methods when one is first asked for: most programs use few
-- types, and what is not there need not be collected either.
local function fill_at_first_use(mt, k, name)
  debug.setmetatable(mt, {__index = function(_, key)
    debug.setmetatable(mt, nil)
    if name ~= 'Half' then
      for index, f in pairs(lib.index_methods()) do
        if rawget(mt, index) == nil then mt[index] = f end
      end
    end
    local kernels = {}
    lib.install_methods(k - 1, mt, kernels)
    if rawget(mt, 'THNN') == nil then mt.THNN = kernels end
    require('torch.operators')(mt)
    return mt[key]
  end})
end

for k, name in ipairs(types) do
  userdata_class('torch.' .. name .. 'Storage', lib.storage_constructor, k, storage_methods)
  local mt = userdata_class('torch.' .. name .. 'Tensor', lib.tensor_constructor, k, tensor_methods)
  fill_at_first_use(mt, k, name)
end
lib.install_functions(torch)

local generator = torch.newmetatable('torch.Generator', nil, unbuilt)
local new_generator
new_generator, torch._gen = lib.generator_class(generator)
torch._setconstructor('torch.Generator', new_generator)

for _, name in ipairs{'tic', 'toc', 'pointer', 'isequal', 'isatty', 'getnumthreads', 'setnumthreads', 'getnumcores',
                      'pushudata', 'ops'} do
  torch[name] = lib[name]
end

-- ---- the default type ----

function torch.setdefaulttensortype(name)
  if type(name) ~= 'string' then error('string expected', 2) end
  local tensor = torch.getconstructortable(name)
  local kind = name:match('^torch%.(%a+)Tensor$')
  if not tensor or not kind then
    error(('<%s> is not a string describing a torch object'):format(name), 2)
  end
  for k, known in ipairs(types) do
    if known == kind then lib.set_default_type(k - 1) end
  end
  torch.Tensor, torch.Storage = tensor, torch.getconstructortable('torch.' .. kind .. 'Storage')
  torch._default = name
end
function torch.getdefaulttensortype() return torch._default end
torch.setdefaulttensortype('torch.DoubleTensor')

function torch.einsum(...)
  torch.einsum = require 'torch.einsum'
  return torch.einsum(...)
end

require 'torch.tensor'
require 'torch.random'
require 'torch.ffi'
require 'torch.utilities'
require 'torch.File'
if jit and jit.status() then require 'torch.fast' end

return torch
