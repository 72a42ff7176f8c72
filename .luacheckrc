std = 'luajit'
max_line_length = 140
globals = {'torch', 'nn', 'nngraph', 'graph', 'optim', 'image', 'paths', 'sys', 'xlua', 'dok', 'trepl', 'include'}
ignore = {'212', '213', '431', '432', '542'}
