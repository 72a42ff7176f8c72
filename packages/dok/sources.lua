-- The Markdown files of a package: {{name = 'doc/x.md', text = '...'}, ...}.
-- A copy in the file system goes before the one that is part of th.
local kDepth = 3

local function slurp(file)
  local f = io.open(file)
  if not f then return nil end
  local text = f:read('*all')
  f:close()
  return text
end

local function add_tree(folder, prefix, depth, list)
  local names = {}
  for name in paths.files(folder) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do
    local file = folder .. '/' .. name
    if name:sub(1, 1) == '.' then -- hidden
    elseif name:find('%.md$') then list[#list + 1] = {name = prefix .. name, text = slurp(file)}
    elseif depth > 0 and paths.dirp(file) then add_tree(file, prefix .. name .. '/', depth - 1, list)
    end
  end
end

local function folders(package_name)
  local tried = {}
  local tree = os.getenv('TORCH9_PACKAGES')
  if tree and tree ~= '' then tried[1] = tree .. '/' .. package_name end
  for template in package.path:gmatch('[^;]+') do
    local file = template:gsub('%?', (package_name:gsub('%.', '/')))
    if template:find('%?/init%.lua$') and paths.filep(file) then tried[#tried + 1] = paths.dirname(file) end
  end
  return tried
end

return function(package_name)
  local list = {}
  for _, folder in ipairs(folders(package_name)) do
    if paths.dirp(folder) then add_tree(folder, '', kDepth, list) end
    if #list > 0 then return list end
  end
  local ok, embedded = pcall(require, 'libembedded')
  if ok then
    local prefix = 'packages/' .. package_name .. '/'
    for _, name in ipairs(embedded.names(prefix)) do
      if name:find('%.md$') then list[#list + 1] = {name = name:sub(#prefix + 1), text = embedded.text(name)} end
    end
  end
  return list
end
