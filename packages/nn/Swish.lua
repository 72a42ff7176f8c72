-- The other name of SiLU.
torch.class('nn.Swish', 'nn.SiLU')
