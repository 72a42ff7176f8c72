local CosineEmbeddingCriterion, parent = torch.class('nn.CosineEmbeddingCriterion', 'nn.Criterion')

function CosineEmbeddingCriterion:__init(margin)
   parent.__init(self)
   self.margin = margin or 0
   self.gradInput = { torch.Tensor(), torch.Tensor() }
   self.sizeAverage = true
end

local kEpsilon = 1e-12 -- keeps the quotients finite for zero vectors

local function prepare(self, input, y)
   local a, b = input[1]:contiguous(), input[2]:contiguous()
   if a:dim() == 1 then a, b = a:view(1, -1), b:view(1, -1) end
   if type(y) == 'number' then
      self._y = self._y or a.new(1)
      self._y[1] = y
      y = self._y
   end
   return a, b, y:contiguous():view(-1)
end

-- buffers: w1 = a.b, w22 = 1/(a.a), w32 = 1/(b.b), w = 1/(|a||b|), _outputs = cosine
function CosineEmbeddingCriterion:updateOutput(input, y)
   local a, b
   a, b, y = prepare(self, input, y)
   for _, name in ipairs{ 'buffer', 'w1', 'w22', 'w', 'w32', '_outputs' } do self[name] = self[name] or a.new() end
   self._idx = self._idx or torch.ByteTensor()
   self.w1:sum(self.buffer:cmul(a, b), 2)
   self.w22:sum(self.buffer:cmul(a, a), 2):add(kEpsilon):cinv()
   self.w32:sum(self.buffer:cmul(b, b), 2):add(kEpsilon):cinv()
   self.w:cmul(self.w22, self.w32):sqrt()
   self._outputs:cmul(self.w1, self.w)
   self._outputs = self._outputs:select(2, 1)
   local loss = self._outputs:clone()
   self._idx = y:eq(-1)
   if self.margin ~= 0 then loss[self._idx] = loss[self._idx]:add(-self.margin) end
   loss:cmax(0)
   local near = y:eq(1)
   if near:any() then loss[near] = self._outputs[near]:mul(-1):add(1) end
   self.output = loss:sum()
   if self.sizeAverage then self.output = self.output / y:size(1) end
   return self.output
end

function CosineEmbeddingCriterion:updateGradInput(input, y)
   local a, b
   a, b, y = prepare(self, input, y)
   local ga, gb = self.gradInput[1], self.gradInput[2]
   local cosine = self.w1:clone():cmul(self.w)
   -- what the loss is multiplied with: -1 where alike is wanted, 1 where not and too near, else 0
   local sign = y:clone():mul(-1):view(-1, 1)
   local quiet = torch.cmul(y:eq(-1), cosine:view(-1):le(self.margin))
   if quiet:any() then sign:view(-1)[quiet] = 0 end
   if self.sizeAverage then sign:div(y:size(1)) end
   local function gradient(g, x, other, inverse)
      g:cmul(torch.cmul(cosine, inverse):expandAs(x), x)
      g:mul(-1):addcmul(1, self.w:expandAs(x), other)
      g:cmul(sign:expandAs(x))
      return g
   end
   gradient(ga, a, b, self.w22)
   gradient(gb, b, a, self.w32)
   if input[1]:dim() == 1 then
      ga:resize(a:size(2))
      gb:resize(b:size(2))
   end
   return self.gradInput
end

function CosineEmbeddingCriterion:type(type, tensorCache)
   self._idx = nil
   return parent.type(self, type, tensorCache)
end
