-- Terminal escapes by name, all empty where colours cannot be shown. Scripts may replace them.
local colors = {}
local term = os.getenv('TERM') or ''
local shown = term ~= '' and term ~= 'dumb' and require('libsys').isatty(1)
for name, code in pairs(sys.COLORS) do colors[name] = shown and code or '' end
return colors
