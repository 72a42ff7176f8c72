-- What the tab key offers: complete(line up to the cursor) gives a list of words and where in the line they begin.
local keywords = {}
for word in ([[and break do else elseif end exit false for function goto if in local nil not or repeat return then true until
      while]]):gmatch('%S+') do
  keywords[#keywords + 1] = word
end

-- The quote that the text ends inside of, with what follows it; nil outside strings.
local function open_string(text)
  local quote, from
  local i = 1
  while i <= #text do
    local c = text:sub(i, i)
    if quote and c == '\\' then i = i + 1
    elseif quote and c == quote then quote = nil
    elseif not quote and (c == '"' or c == "'") then quote, from = c, i + 1
    end
    i = i + 1
  end
  return quote and from
end

local function files(text)
  local folder, start = text:match('^(.*/)([^/]*)$')
  folder, start = folder or '', start or text
  local where = folder == '' and '.' or folder:gsub('^~/', paths.home .. '/')
  local found = {}
  for name in paths.files(where) do
    if name:sub(1, #start) == start and (start ~= '' or name:sub(1, 1) ~= '.') and name ~= '.' and name ~= '..' then
      found[#found + 1] = folder .. name .. (paths.dirp(where .. '/' .. name) and '/' or '')
    end
  end
  return found
end

-- Fields by name -> value; those of metatables too, nearest first. Only what can be listed without side effects.
local function collect(object, into)
  for _ = 1, 100 do
    if type(object) == 'table' then
      for key, value in next, object do
        if type(key) == 'string' and into[key] == nil then into[key] = value end
      end
    end
    local meta = debug.getmetatable(object)
    local index = type(meta) == 'table' and rawget(meta, '__index')
    if type(object) ~= 'table' and type(meta) == 'table' then
      for key, value in next, meta do
        if type(key) == 'string' and into[key] == nil then into[key] = value end
      end
    end
    -- torch classes keep their methods in the metatable itself and their parent as its metatable
    if type(index) == 'table' and index ~= object then object = index
    elseif type(meta) == 'table' and meta ~= object and type(index) == 'function' then object = meta
    else return into
    end
  end
  return into
end

local function value_of(path)
  local value = _G
  for name in path:gmatch('[%w_]+') do
    local key = tonumber(name) or name
    local fields = collect(value, {})
    local ok, found = true, fields[name]
    if found == nil then ok, found = pcall(function() return value[key] end) end
    if not ok or found == nil then return nil end
    value = found
  end
  return value
end

local function ending(word, value)
  if type(value) == 'function' then return word .. '(' end
  return word
end

local function names(text)
  local word = text:match('[%a_][%w_%.:]*$') or ''
  local path, separator, start = word:match('^(.-)([%.:])([%w_]*)$')
  if not path then path, start = '', word end
  local found, object = {}, _G
  if path ~= '' then object = value_of(path) end
  if object == nil then return {}, #text + 1 end
  for name, value in pairs(collect(object, {})) do
    local wanted = name:sub(1, #start) == start and (start:sub(1, 1) == '_' or name:sub(1, 1) ~= '_' )
    if wanted and name:find('^[%a_][%w_]*$') and (separator ~= ':' or type(value) == 'function') then
      found[#found + 1] = ending(path .. (separator or '') .. name, value)
    end
  end
  if path == '' and start ~= '' then
    for _, name in ipairs(keywords) do
      if name:sub(1, #start) == start then found[#found + 1] = name end
    end
  end
  return found, #text - #word + 1
end

return function(text)
  local found, from
  local quote = not text:find('^%s*[%?%$]') and open_string(text)
  if quote then
    found, from = files(text:sub(quote)), quote
  elseif text:find('^%s*%$') then
    local word = text:match('%S*$')
    found, from = files(word), #text - #word + 1
  else found, from = names(text)
    if text:find('^%s*%?') then
      for i, name in ipairs(found) do found[i] = name:gsub('%($', '') end
    end
  end
  table.sort(found)
  return found, from
end
