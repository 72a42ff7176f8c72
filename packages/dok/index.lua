-- What the Markdown files of a package document, by name. docs/design/documentation.md has the convention.
local sources = require 'dok.sources'
local index = {}

-- Anchors in a line, as <a name="torch.add"></a>.
local function anchors(line)
  local list = {}
  for name in line:gmatch('<a%s+name%s*=%s*["\']([^"\']+)["\']') do list[#list + 1] = name end
  return list
end

-- The names in a heading: of each call, as torch.add(...) or x:add(...), or else the heading when it is just dotted or
-- quoted names, as nn.Module or `Module`.
function index.names(heading)
  local text = heading:gsub('<[^>]*>', ''):gsub('%[([^%]]*)%]%b()', '%1'):gsub('\\(%p)', '%1'):gsub('%*', '')
  text = text:gsub('`([%a_][%w_]*)`', '.%1'):gsub('`', '')
  local names = {}
  local calls = text:gsub('%s*%b()', '('):gsub('%s*%b{}', '('):gsub('%b[]', ' ')
  for owner, separator, name in calls:gmatch('([%w_%.]-)([%.:]?)([%a_][%w_]*)%(') do
    -- a method of any value: x:add(); of a class: Tester:add(), nn.Module:forward()
    if separator == ':' and not owner:find('%u') then owner = '' end
    names[#names + 1] = owner ~= '' and owner .. '.' .. name or name
  end
  if #names > 0 then return names end
  for piece in (text .. ','):gmatch('%s*([^,]*),') do
    for word in (piece .. ' / '):gsub(' and ', ' / '):gmatch('%s*(.-)%s+/') do
      if word:find('^[%w_]*[%.:][%w_%.:]*%w$') then names[#names + 1] = (word:gsub(':', '.'):gsub('^%.', ''))
      elseif word ~= '' then return {}
      end
    end
  end
  return names
end

local function key_of(package_name, name)
  name = name:lower()
  local prefix = package_name:lower() .. '.'
  return name:sub(1, #prefix) == prefix and name:sub(#prefix + 1) or name
end

-- Splits a file into sections {level, first, last, keys = {}, anchored = {}}; level 7 has no heading of its own.
local function sections_of(lines)
  local sections, pending, in_code = {}, {}, false
  local pending_at
  local function begin(level, at, title)
    sections[#sections + 1] = {level = level, first = at, title = title, anchors = pending}
    pending, pending_at = {}, nil
  end
  for i, line in ipairs(lines) do
    if line:find('^%s*```') or line:find('^%s*~~~') then in_code = not in_code end
    if not in_code then
      local found = anchors(line)
      for _, name in ipairs(found) do pending[#pending + 1] = name end
      if #found > 0 then pending_at = pending_at or i end
      local marks, title = line:match('^ ? ? ?(#+)%s*(.-)%s*#*%s*$')
      local underline = lines[i + 1] and line:find('%S') and (lines[i + 1]:match('^(=)==+%s*$') or lines[i + 1]:match('^(%-)%-%-+%s*$'))
      local rest = line:gsub('<a%s[^>]*>', ''):gsub('</a>', '')
      if marks then begin(#marks, i, title)
      elseif underline and not line:find('|') then begin(underline == '=' and 1 or 2, i, line)
      elseif #pending > 0 and rest:find('%S') then begin(7, pending_at, nil)
      end
    end
  end
  return sections
end

-- Where the section ends: at one that documents something else, or is not below it.
local function last_line(sections, i, lines)
  local section = sections[i]
  for j = i + 1, #sections do
    local other = sections[j]
    if other.level <= section.level or #other.anchors > 0 or other.documents then return other.first - 1 end
  end
  return #lines
end

local function add_file(package_name, file, by_anchor, by_heading, by_word)
  local lines = {}
  for line in (file.text:gsub('\r', '') .. '\n'):gmatch('(.-)\n') do lines[#lines + 1] = line end
  local sections = sections_of(lines)
  local class = {} -- the class whose methods the headings below a level describe
  for _, section in ipairs(sections) do
    section.names = section.title and index.names(section.title) or {}
    section.documents = #section.names > 0
  end
  for i, section in ipairs(sections) do
    local entry
    local function add(into, name)
      local key = key_of(package_name, name)
      if into[key] then return end
      entry = entry or {file = file.name, lines = lines, first = section.first, last = last_line(sections, i, lines)}
      into[key] = entry
    end
    for _, name in ipairs(section.anchors) do add(by_anchor, name) end
    if section.title then
      local word = section.title:match('^[%a_][%w_]*$')
      if word then add(by_word, word) end
      local owner
      for level = section.level - 1, 1, -1 do owner = owner or class[level] end
      for level = section.level, 6 do class[level] = nil end
      for _, name in ipairs(section.names) do
        if owner and not name:find('.', 1, true) then add(by_heading, owner .. '.' .. name) end
        add(by_heading, name)
      end
      local first = section.names[1]
      if first and first:match('[^.]*$'):find('^%u') then class[section.level] = first end
    end
  end
  return {file = file.name, lines = lines, first = 1, last = sections[2] and sections[2].first - 1 or #lines}
end

local packages = {}
function index.forget() packages = {} end

-- The page of the package itself begins the first of these that there is, or else any.
local front_files = {['readme.md'] = 1, ['doc/index.md'] = 2, ['doc/readme.md'] = 3}

-- Key -> entry of a package, anchors before headings, headings of one plain word last. Keys are in lower case and
-- without the package's name.
function index.of(package_name)
  if not packages[package_name] then
    local by_anchor, by_heading, by_word = {}, {}, {}
    local front, best
    for i, file in ipairs(sources(package_name)) do
      local top = add_file(package_name, file, by_anchor, by_heading, by_word)
      local rank = front_files[file.name:lower()] or 10 + i
      if not best or rank < best then front, best = top, rank end
    end
    by_heading.dok = by_heading.dok or front
    packages[package_name] = setmetatable(by_anchor, {__index = setmetatable(by_heading, {__index = by_word})})
  end
  return packages[package_name]
end

local front_keys = {'dok', 'reference.dok', 'overview.dok'}

local global_functions = {'trepl', 'dok', 'xlua'} -- packages that define globals

local function find_global(key)
  for _, package_name in ipairs(global_functions) do
    local entry = index.of(package_name)[key]
    if entry then return entry end
  end
end

local function find_in(keys, key)
  local head, rest = key:match('^(%a*)(.*)$')
  local general = (head:match('tensor$') or head:match('storage$') or head) .. rest
  return keys[key] or keys[general] or keys[key:match('%.([^.]+)$')]
end

-- The entry for a dotted name, or nil.
function index.find(name)
  local package_name, key = name:match('^([^.]+)%.?(.*)$')
  if not package_name then return nil end
  local keys = index.of(package_name)
  if key ~= '' then return find_in(keys, key:lower()) or find_global(name:lower()) end
  for _, front in ipairs(front_keys) do
    if keys[front] then return keys[front] end
  end
  return find_global(name:lower())
end

-- The Markdown of an entry, without its anchors.
function index.text(entry)
  return (table.concat(entry.lines, '\n', entry.first, entry.last):gsub('<a%s+name[^>]*>', ''):gsub('</a>', ''))
end

return index
