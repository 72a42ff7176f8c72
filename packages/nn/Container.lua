local Container, parent = torch.class('nn.Container', 'nn.Module')

function Container:__init()
  parent.__init(self)
  self.modules = {}
end

function Container:add(module)
  table.insert(self.modules, module)
  return self
end

function Container:get(index)
  return self.modules[index]
end

function Container:size()
  return #self.modules
end

local WARNING = "\n\nWARNING: If you see a stack trace below, it doesn't point to the place where this error occurred."
  .. ' Please use only the one above.'

-- Called where the error was raised: the only place from which the stack can still be seen.
local function addTraceback(err)
  if type(err) ~= 'string' or err:find('stack traceback', 1, true) then return err end
  return '\n' .. err .. '\n' .. debug.traceback() .. WARNING
end

local function results(self, module, index, ok, ...)
  if ok then return ... end
  local err = ...
  if type(err) == 'string' then
    err = '\nIn ' .. index .. ' module of ' .. torch.type(self) .. ':' .. err
  end
  error(err, 0)
end

-- module:method(...), whose errors are raised again with the place of the module in front.
function Container:rethrowErrors(module, index, method, ...)
  return results(self, module, index, xpcall(module[method], addTraceback, module, ...))
end

function Container:applyToModules(visit)
  for _, module in ipairs(self.modules) do visit(module) end
end

function Container:zeroGradParameters()
  local modules = self.modules
  for i = 1, #modules do modules[i]:zeroGradParameters() end
end

function Container:updateParameters(lr)
  local modules = self.modules
  for i = 1, #modules do modules[i]:updateParameters(lr) end
end

function Container:training()
  for _, module in ipairs(self.modules) do module:training() end
  parent.training(self)
end

function Container:evaluate()
  for _, module in ipairs(self.modules) do module:evaluate() end
  parent.evaluate(self)
end

function Container:share(other, ...)
  for i, module in ipairs(self.modules) do module:share(other.modules[i], ...) end
  return self
end

function Container:reset(stdv)
  for _, module in ipairs(self.modules) do module:reset(stdv) end
end

-- Output and gradInput may belong to a child, or to the caller: they are replaced, not emptied.
function Container:clearState()
  for _, name in ipairs{ 'output', 'gradInput' } do
    local value = self[name]
    if torch.isTensor(value) then
      self[name] = value.new()
    elseif type(value) == 'table' then
      self[name] = {}
    else
      self[name] = nil
    end
  end
  for _, module in ipairs(self.modules) do module:clearState() end
  return self
end

function Container:parameters()
  local weights, gradients = {}, {}
  for _, module in ipairs(self.modules) do
    local w, g = module:parameters()
    if w then
      for i = 1, #w do
        weights[#weights + 1] = w[i]
        gradients[#gradients + 1] = g[i]
      end
    end
  end
  return weights, gradients
end

-- The drawing that containers with parallel branches print.
function Container:branches()
  local lines = { torch.type(self) .. ' {\n  input' }
  local n = #self.modules
  for i, module in ipairs(self.modules) do
    local arrow, indent = '    |`-> (', '    |    '
    if i == n then arrow, indent = '     `-> (', '         ' end
    lines[#lines + 1] = arrow .. i .. '): ' .. tostring(module):gsub('\n', '\n' .. indent)
  end
  lines[#lines + 1] = '     ... -> output\n}'
  return table.concat(lines, '\n')
end
