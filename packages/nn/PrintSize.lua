local PrintSize, parent = torch.class('nn.PrintSize', 'nn.Module')

function PrintSize:__init(prefix)
   parent.__init(self)
   self.prefix = prefix or 'PrintSize'
end

local function show(self, what, value)
   local text = torch.isTensor(value) and value:size() or value
   print(self.prefix .. ':' .. what .. '\n\t' .. tostring(text))
end

function PrintSize:updateOutput(input)
   show(self, 'input', input)
   self.output = input
   return self.output
end

function PrintSize:updateGradInput(input, gradOutput)
   show(self, 'gradOutput', gradOutput)
   self.gradInput = gradOutput
   return self.gradInput
end
