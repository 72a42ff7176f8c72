-- xlua.formatTime and the progress bar.
local units = {{'D', 86400000}, {'h', 3600000}, {'m', 60000}, {'s', 1000}, {'ms', 1}}

function xlua.formatTime(seconds)
  local left = math.floor(seconds * 1000 + 1e-6)
  local pieces = {}
  for _, unit in ipairs(units) do
    local count = math.floor(left / unit[2])
    if count > 0 and #pieces < 2 then pieces[#pieces + 1] = string.format('%d', count) .. unit[1] end
    left = left - count * unit[2]
  end
  return #pieces == 0 and '0ms' or table.concat(pieces)
end

local function terminal_width()
  local pipe = io.popen('tput cols 2>/dev/null')
  local width = pipe and tonumber(pipe:read('*l'))
  if pipe then pipe:close() end
  return width and width > 0 and math.min(width, 120) or 80
end

local kRemembered = 100 -- calls that the time of a step is averaged over
local width
local fresh, done = true, false
local last_position, times

function xlua.progress(current, goal)
  width = width or terminal_width()
  local bar = math.max(width - 34, 1)
  local position = math.floor(current * bar / goal)
  if done and position >= last_position then
    io.write('\r')
    io.flush()
    return
  end
  if done or fresh or position < last_position then
    fresh, done, times = true, false, {start = sys.clock()}
  end
  last_position = position

  local now = sys.clock()
  times[#times + 1] = now
  local oldest = times[#times - kRemembered]
  if oldest then times[#times - kRemembered] = false end
  oldest = oldest or times[1]
  local step = #times > 1 and (now - oldest) / math.min(#times - 1, kRemembered) or 0

  local out = {fresh and '' or '\r', ' ['}
  for i = 1, bar do out[#out + 1] = i < position and '=' or i == position and '>' or '.' end
  local margin = math.max(width - bar - 4, 0)
  local complete = position >= bar
  local time = (complete and ' Tot: ' .. xlua.formatTime(now - times.start) or ' ETA: ' .. xlua.formatTime(step * (goal - current)))
    .. ' | Step: ' .. xlua.formatTime(step)
  out[#out + 1] = '] ' .. (' '):rep(margin) .. ('\b'):rep(margin) .. time .. ('\b'):rep(math.floor(5 + #time + bar / 2))
  out[#out + 1] = ' ' .. current .. '/' .. goal .. ' ' .. (complete and '\n' or '') .. '\r'
  io.write(table.concat(out))
  io.flush()
  fresh, done = false, complete
end
