-- torch.test([names]): runs the package's own tests, those of the files named (without .lua) or all.
function torch.test(names)
  local embedded = require 'libembedded'
  local wanted = type(names) == 'string' and {names} or names
  local chosen = wanted and {}
  for _, name in ipairs(wanted or {}) do chosen[name] = true end
  for _, path in ipairs(embedded.names('packages/torch/test/')) do
    local name = path:match('([^/]*)%.lua$')
    if name and (not chosen or chosen[name]) then assert(loadstring(embedded.text(path), '@' .. path))() end
  end
end
