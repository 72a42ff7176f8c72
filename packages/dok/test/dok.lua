-- How names are found in headings, and sections by names. docs/design/documentation.md has the convention.
require 'dok'
local index = require 'dok.index'
local tester, tests = torch.Tester(), torch.TestSuite()

local headings = {
  ['torch.add([res,] x, v), x:add(v)'] = {'torch.add', 'add'},
  ['[res] torch.abs([res,] x)'] = {'torch.abs'},
  ['torch.le / torch.lt'] = {'torch.le', 'torch.lt'},
  ['torch.ByteTensor, torch.CharTensor'] = {'torch.ByteTensor', 'torch.CharTensor'},
  ['`nn.Linear(a, b [, c = f(x)])`'] = {'nn.Linear'},
  ['`Linear`'] = {'Linear'},
  ['sgd(opfunc, x[, config][, state])'] = {'sgd'},
  ['torch.foo{a = 1}'] = {'torch.foo'},
  ['Tester:add(f) and nn.Module:forward(x)'] = {'Tester.add', 'nn.Module.forward'},
  ['<a name="x"></a>Foo\\_bar(x)'] = {'Foo_bar'},
  ['Creating tensors'] = {}, Example = {}, ['x + y'] = {},
}

function tests.names_in_headings()
  for heading, names in pairs(headings) do tester:eq(index.names(heading), names, heading) end
end

local document = [[
# The package

Front page.

## zdok.Thing(a)

A thing.

#### Example

```lua
# not a heading
local t = zdok.Thing(1)
```

### method(x)

Of things.

## other(x), zdok.same(y)

Two names.

<a name="zdok.anchored"></a>
## Some text

By anchor.

### fill(value)

Of any tensor.

## General remarks

Nothing.
]]

local function with_package(use)
  local root = paths.tmpname()
  paths.mkdir(root .. '/zdok/doc')
  for name, text in pairs{['init.lua'] = 'zdok = {other = function() end} return zdok', ['doc/index.md'] = document} do
    local f = assert(io.open(root .. '/zdok/' .. name, 'w'))
    f:write(text)
    f:close()
  end
  local saved = package.path
  package.path = root .. '/?/init.lua;' .. saved
  dok.dontusecolors()
  local ok, problem = pcall(use)
  dok.usecolors()
  dok.refresh()
  package.path = saved
  package.loaded.zdok, zdok = nil, nil
  paths.rmall(root, 'yes')
  if not ok then error(problem, 0) end
end

function tests.sections()
  with_package(function()
    tester:eq(help('zdok', true), 'The package\n\n\nFront page.')
    local thing = help('zdok.Thing', true)
    for text, there in pairs{['A thing.'] = true, ['# not a heading'] = true, ['Of things'] = false} do
      tester:eq(thing:find(text, 1, true) ~= nil, there, text)
    end
    tester:eq(help('zdok.thing:method', true), 'method(x)\n\n\nOf things.')
    tester:eq(help('zdok.same', true), 'other(x), zdok.same(y)\n\n\nTwo names.')
    tester:eq(help('zdok.anchored', true), 'Some text\n\n\nBy anchor.')
    tester:eq(help('zdok.DoubleTensor.fill', true), 'fill(value)\n\n\nOf any tensor.')
    tester:eq(help('zdok.General', true), nil)
    tester:eq(help('zdok.nothing', true), nil)
  end)
end

function tests.values()
  with_package(function()
    local package = require 'zdok'
    tester:eq(help(package.other, true), 'other(x), zdok.same(y)\n\n\nTwo names.')
    tester:eq(help(package, true), 'The package\n\n\nFront page.')
    tester:eq(help(function() end, true), nil)
  end)
end

function tests.own_packages_are_documented()
  local undocumented = {}
  for _, name in ipairs{'paths', 'sys', 'xlua', 'dok', 'sundown'} do
    local package = require(name)
    for field, value in pairs(package) do
      if type(value) == 'function' and not index.find(name .. '.' .. field) then table.insert(undocumented, name .. '.' .. field) end
    end
  end
  for _, name in ipairs{'who', 'import', 'monitor_G', 'noColors', 'setprintlevel', 'print', 'require', 'help', 'browse', 'repl'} do
    if not index.find(name) then table.insert(undocumented, name) end
  end
  tester:eq(undocumented, {})
end

tester:add(tests):run()
