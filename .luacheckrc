std = 'luajit+lua52c'
max_line_length = 140
globals = {'torch', 'nn', 'nngraph', 'graph', 'optim', 'image', 'paths', 'sys', 'xlua', 'dok', 'trepl', 'include'}
read_globals = {'cutorch'}
ignore = {'212', '213', '431', '432', '542'}
-- these packages extend Lua itself and the global names
for _, name in ipairs{'xlua', 'trepl', 'dok'} do files['packages/' .. name] = {ignore = {'111', '112', '113', '121', '122', '142'}} end
files['packages/torch/utilities.lua'] = {ignore = {'122', '142'}}
-- tests replace print, arg and the like, and make classes of their own
files['packages/*/test'] = {ignore = {'111', '113', '121', '311'}}
files['examples/drawn_digits.lua'] = {max_line_length = false} -- a table of strokes
