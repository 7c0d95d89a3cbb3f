-- One node tells what it holds and has used of one subject's minute, and gets more where some is left.
--
-- KEYS: 1 hash of the subject and minute, a field per node: held used wanted (requests and
--         tokens of each) and the number of the telling;
--       2 the nodes among which the minute was split at its beginning;
--       3 set of the subjects of which somebody wants more;
--       4 set of the nodes that have left and use nothing more;
--       5 since when Redis knows
-- ARGV: 1 node, 2 subject, 3-4 limit, 5-6 held, 7-8 used, 9-10 wanted beyond what is held, 11 number of the
--       telling, 12 seconds to keep, 13 milliseconds of a window
-- Returns granted (2), what others still want (2), what others have used (2).
local me, subject, keep = ARGV[1], ARGV[2], tonumber(ARGV[12])
local function pair(at) return {tonumber(ARGV[at]), tonumber(ARGV[at + 1])} end
local limit, held, used, wanted = pair(3), pair(5), pair(7), pair(9)

local others, need, spent, told = {0, 0}, {0, 0}, {0, 0}, {}
local own = redis.call('HGET', KEYS[1], me)
-- A telling that was on its way while Redis stood still comes after later ones, and is void.
if own and tonumber(string.match(own, '%d+$')) >= tonumber(ARGV[11]) then return {0, 0, 0, 0, 0, 0} end
local rows = redis.call('HGETALL', KEYS[1])
for i = 1, #rows, 2 do
  if rows[i] ~= me then
    told[rows[i]] = true
    local n = {}
    for word in string.gmatch(rows[i + 1], '%d+') do n[#n + 1] = tonumber(word) end
    for k = 1, 2 do
      others[k] = others[k] + n[k]
      spent[k] = spent[k] + n[2 + k]
      need[k] = need[k] + n[4 + k]
    end
  end
end

-- A node that has told nothing yet may be using its equal share; or more, where it told a Redis that has lost
-- its memory since. Then nothing is granted before it has told again.
local granted, unsure = {0, 0}, false
local time = redis.call('TIME')
local since = tonumber(redis.call('GET', KEYS[5]) or time[1] * 1000)
local young = time[1] * 1000 - since < tonumber(ARGV[13])
local split = redis.call('GET', KEYS[2])
if split then
  local nodes = {}
  for name in string.gmatch(split, '[^,]+') do nodes[#nodes + 1] = name end
  for rank, name in ipairs(nodes) do
    if name ~= me and not told[name] and redis.call('SISMEMBER', KEYS[4], name) == 0 then
      unsure = young
      for k = 1, 2 do
        local rest = (rank - 1 < limit[k] % #nodes) and 1 or 0
        others[k] = others[k] + math.floor(limit[k] / #nodes) + rest
      end
    end
  end
  for k = 1, unsure and 0 or 2 do
    granted[k] = math.max(0, math.min(wanted[k], limit[k] - others[k] - held[k]))
  end
end

redis.call('HSET', KEYS[1], me, string.format('%d %d %d %d %d %d %d',
  held[1] + granted[1], held[2] + granted[2], used[1], used[2],
  wanted[1] - granted[1], wanted[2] - granted[2], tonumber(ARGV[11])))
redis.call('EXPIRE', KEYS[1], keep)
if wanted[1] > granted[1] or wanted[2] > granted[2] then
  redis.call('SADD', KEYS[3], string.format('%d %d %s', limit[1], limit[2], subject))
  redis.call('EXPIRE', KEYS[3], keep)
end
return {granted[1], granted[2], need[1], need[2], spent[1], spent[2]}
