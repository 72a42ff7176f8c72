-- optim: methods that minimise a function, x, fs = optim.method(opfunc, x, config, state).
require 'torch'

optim = {}

require('optim.sgd')
require('optim.adam')
require('optim.adamax')
require('optim.adagrad')
require('optim.adadelta')
require('optim.rmsprop')
require('optim.asgd')
require('optim.nag')
require('optim.rprop')
require('optim.cg')
require('optim.lbfgs')
require('optim.fista')
require('optim.cmaes')
require('optim.de')
require('optim.polyinterp')
require('optim.lswolfe')
require('optim.checkgrad')
require('optim.ConfusionMatrix')
require('optim.Logger')

-- What Torch7's optim did not have is loaded at first use.
local later = {
  adamw = 'optim.adamw', clipGradNorm = 'optim.clip', clipGradValue = 'optim.clip',
  schedule = 'optim.schedule', EMA = 'optim.EMA',
}
local function load(name)
  if later[name] then require(later[name]) end
end
setmetatable(optim, {
  __index = function(t, name)
    load(name)
    return rawget(t, name)
  end,
})
torch._autoload.optim = function(name) load(name:match('[^.]+$')) end -- classes in files

return optim
