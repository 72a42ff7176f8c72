-- torch.TestSuite: a table of named test functions that refuses a second definition of the same name.
function torch.TestSuite()
  local tests = {}
  return setmetatable({ __tests = tests, __isTestSuite = true }, {
    __index = tests,
    __newindex = function(_, name, test)
      if tests[name] ~= nil then error('Test ' .. tostring(name) .. ' is already defined.', 2) end
      if type(test) == 'table' then error('Nested tables of tests are not supported', 2) end
      if type(test) ~= 'function' then error('Only functions are supported as members of a TestSuite', 2) end
      tests[name] = test
    end,
  })
end
