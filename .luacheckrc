std = 'luajit'
max_line_length = 140
globals = {'torch', 'nn', 'nngraph', 'graph', 'optim', 'image', 'paths', 'sys', 'xlua', 'dok', 'trepl', 'include'}
ignore = {'212', '213', '431', '432', '542'}
-- these packages extend Lua itself and the global names
for _, name in ipairs{'xlua', 'trepl', 'dok'} do files['packages/' .. name] = {ignore = {'111', '112', '113', '121', '122', '142'}} end
