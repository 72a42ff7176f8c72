-- luajit embed.lua LIST ROOT DATA OUT.S: packs the files of LIST (a name under ROOT a line, or a name, a blank
-- and where the file is) into DATA (one blob) and writes an
-- assembler file that includes it with a table of {name, offset, size}, sorted by name.
-- Lua files are stored as stripped-of-nothing bytecode, so that error messages keep their lines.
local list, root, data, out = arg[1], arg[2], arg[3], arg[4]
local names = {}
local file_of = {}
for line in io.lines(list) do
  local name, file = line:match('^(%S+) ?(.*)$')
  if name then
    names[#names + 1] = name
    file_of[name] = file ~= '' and file or root .. '/' .. name
  end
end
table.sort(names)
local blob, rows, at = assert(io.open(data, 'wb')), {}, 0
for _, name in ipairs(names) do
  local f = assert(io.open(file_of[name], 'rb'))
  local text = f:read('*a')
  f:close()
  if name:find('%.lua$') then text = string.dump(assert(loadstring(text, '@' .. name))) end
  blob:write(text)
  rows[#rows + 1] = {name, at, #text}
  at = at + #text
end
blob:close()
local s = assert(io.open(out, 'w'))
s:write('  .section .rodata\n  .balign 16\n  .globl t9_embedded_data\nt9_embedded_data:\n  .incbin "', data, '"\n')
for i, r in ipairs(rows) do s:write('.Lname', i, ':\n  .asciz "', r[1], '"\n') end
s:write('  .section .data.rel.ro, "aw"\n  .balign 8\n  .globl t9_embedded_table\nt9_embedded_table:\n')
for i, r in ipairs(rows) do s:write('  .quad .Lname', i, ', ', r[2], ', ', r[3], '\n') end
s:write('  .quad 0, 0, 0\n  .section .note.GNU-stack, "", @progbits\n')
s:close()
