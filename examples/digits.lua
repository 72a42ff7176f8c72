-- Trains a network on digits that it draws itself: needs no data.
local digits = dofile(paths.thisfile('digit_training.lua'))
local drawn = dofile(paths.thisfile('drawn_digits.lua'))

local cmd = torch.CmdLine()
cmd:text('Trains a convolutional network on drawn digits.')
cmd:text()
cmd:option('-train', 12000, 'images to train on')
cmd:option('-test', 2000, 'images to test on')
digits.options(cmd, {epochs = 6, rate = 0.02, save = 'digits.t7'})
local opt = cmd:parse(arg)

torch.setnumthreads(opt.threads)
torch.setdefaulttensortype('torch.FloatTensor')
torch.manualSeed(opt.seed)
digits.train(opt, drawn(opt.train, opt.seed), drawn(opt.test, opt.seed + 1000))
