return {
  { 'nn.FusedLSTM(3, 4)', 'T(5, 2, 3)', 'T(1, 1, 3)', '{ T(4, 2, 3), T(2, 4) }', '{ T(4, 2, 3), T(2, 4), T(2, 4) }' },
  { 'nn.FusedLSTM(3, 2, true)', 'T(4, 2, 3)', '{ T(3, 2, 3), T(2, 2), T(2, 2) }' },
  { 'nn.FusedGRU(3, 4)', 'T(5, 2, 3)', 'T(1, 1, 3)', '{ T(4, 2, 3), T(2, 4) }' },
  { 'nn.FusedGRU(3, 2, true)', 'T(4, 2, 3)', '{ T(3, 2, 3), T(2, 2) }' },
  { 'nn.MultiHeadAttention(6, 2)', 'T(2, 4, 6)', 'T(3, 6)', '{ T(2, 3, 6), T(2, 5, 6), T(2, 5, 6) }' },
  { 'nn.MultiHeadAttention(6, 3, true)', 'T(2, 4, 6)' },
  { 'nn.MultiHeadAttention(4, 1):setMask(torch.ByteTensor{ { 1, 1, 0 }, { 1, 0, 1 } })', 'T(2, 3, 4)' },
  { 'nn.TransformerEncoderLayer(4, 2)', 'T(2, 3, 4)' },
  { 'nn.TransformerEncoderLayer(4, 2, 5, 0, true)', 'T(2, 3, 4)' },
}
