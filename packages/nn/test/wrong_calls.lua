-- Calls every kernel with arguments drawn at random: whatever they are, the answer is a result or an error.
--   th wrong_calls.lua [calls a kernel = 40] [seed]
require 'nn'

local calls, seed = tonumber(arg and arg[1]) or 40, tonumber(arg and arg[2]) or 1
torch.manualSeed(seed)
local function any(list) return list[torch.random(#list)] end

local integers = { -3, -1, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 7, 1000, 2 ^ 31, 2 ^ 40, 2 ^ 62, 0 / 0 }
local reals = { -1, 0, 0.5, 1, 2, 1e-5, math.huge, 0 / 0 }

local function sizes()
   local out = {}
   for d = 1, torch.random(5) do out[d] = torch.random(5) end
   return out
end

-- Shapes repeat within a call, so that some calls get through the checks.
local function tensor(type, shapes)
   local t = torch.getmetatable(type).new()
   if torch.random(12) == 1 then return t end
   local shape = any(shapes)
   t:resize(torch.LongStorage(shape))
   if type == 'torch.DoubleTensor' then t:uniform(-1, 2) else t:random(0, 6) end
   if t:dim() > 1 and torch.random(4) == 1 then t = t:transpose(1, t:dim()) end
   return t
end

local function argument(text, shapes)
   if text:find('^%[.*%]$') then
      if torch.random(3) == 1 then return nil end
      text = text:sub(2, -2)
   end
   local type = text:match('^%*?(%a+Tensor)')
   if type then return tensor('torch.' .. type, shapes) end
   if text == 'boolean' then return torch.random(2) == 1 end
   if text == 'int' or text == 'long' or text == 'index' then return any(integers) end
   return any(reals)
end

local count, failed = 0, 0
for _, op in ipairs(torch.ops()) do
   if op.kernel then
      local kinds = {}
      for text in op.functions:gmatch('%S+') do
         if text ~= '[Generator]' then kinds[#kinds + 1] = text end
      end
      local kernel = torch.DoubleTensor().THNN[op.name]
      for _ = 1, calls do
         local shapes = { sizes(), sizes() }
         local flat = 1
         for _, n in ipairs(shapes[1]) do flat = flat * n end
         shapes[3] = { flat }
         shapes[4] = { shapes[1][1] }
         shapes[5] = { shapes[1][2] or 1 }
         local arguments = {}
         for k, text in ipairs(kinds) do arguments[k] = argument((text:gsub('FloatTensor', 'DoubleTensor')), shapes) end
         if os.getenv('SHOW_CALLS') then io.stderr:write(op.name, ' ', count, '\n') end
         count = count + 1
         local ok, problem = pcall(kernel, unpack(arguments, 1, #kinds))
         if not ok then
            failed = failed + 1
            assert(type(problem) == 'string')
         end
      end
   end
end
collectgarbage()
io.write(string.format('%d calls, %d refused\n', count, failed))
