local CMinTable, parent = torch.class('nn.CMinTable', 'nn.Module')

require('nn.extremeTable')(CMinTable, parent, 'min')
