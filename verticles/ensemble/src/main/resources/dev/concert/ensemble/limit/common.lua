-- Functions that all scripts of limits share; prepended to each of them.

-- Milliseconds of Redis' clock, or of a test's clock.
local function clock(played)
  if played ~= '0' then return tonumber(played) end
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- A flat reply as a table: value by field, or score by member.
local function map(flat)
  local all = {}
  for i = 1, #flat, 2 do all[flat[i]] = flat[i + 1] end
  return all
end

-- Comma-separated names: the list, and the index of each name.
local function names(text)
  local all, place = {}, {}
  for name in string.gmatch(text or '', '[^,]+') do
    all[#all + 1] = name
    place[name] = #all
  end
  return all, place
end
