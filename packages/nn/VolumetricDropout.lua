local VolumetricDropout, parent = torch.class('nn.VolumetricDropout', 'nn.Module')

require('nn.planeDropout')(VolumetricDropout, parent, 4)
