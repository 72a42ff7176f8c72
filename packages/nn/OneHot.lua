local OneHot, parent = torch.class('nn.OneHot', 'nn.Module')

function OneHot:__init(outputSize)
  parent.__init(self)
  self.outputSize = outputSize
end

function OneHot:updateOutput(input)
  local size
  if type(input) == 'number' then
    size = torch.LongStorage{}
    input = torch.LongTensor{ input }
  else
    size = input:size()
  end
  local n = input:nElement()
  self._index = self._index or torch.LongTensor()
  self._index:resize(n, 1):copy(input)
  self.output:resize(n, self.outputSize):zero()
  self.output:scatter(2, self._index, 1)
  local full = torch.LongStorage(size:size() + 1)
  for d = 1, size:size() do full[d] = size[d] end
  full[size:size() + 1] = self.outputSize
  return self.output:resize(full)
end

function OneHot:updateGradInput(input)
  if type(input) == 'number' then return 0 end
  return nn.utils.resizeLike(self.gradInput, input):zero()
end

function OneHot:clearState()
  self._index = nil
  return parent.clearState(self)
end

function OneHot:type(type, cache)
  if type then self._index = nil end
  return parent.type(self, type, cache)
end
