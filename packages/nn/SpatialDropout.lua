local SpatialDropout, parent = torch.class('nn.SpatialDropout', 'nn.Module')

require('nn.planeDropout')(SpatialDropout, parent, 3)
