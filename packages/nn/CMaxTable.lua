local CMaxTable, parent = torch.class('nn.CMaxTable', 'nn.Module')

require('nn.extremeTable')(CMaxTable, parent, 'max')
