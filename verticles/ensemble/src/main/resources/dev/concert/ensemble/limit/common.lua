-- What the scripts of limits have in common; it stands before each of them.

-- Milliseconds by the clock of Redis, or those that a test plays.
local function clock(played)
  if played ~= '0' then return tonumber(played) end
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- Field by field, or member by score.
local function map(flat)
  local all = {}
  for i = 1, #flat, 2 do all[flat[i]] = flat[i + 1] end
  return all
end

-- Names with commas: a list, and the place of each in it.
local function names(text)
  local all, place = {}, {}
  for name in string.gmatch(text or '', '[^,]+') do
    all[#all + 1] = name
    place[name] = #all
  end
  return all, place
end
