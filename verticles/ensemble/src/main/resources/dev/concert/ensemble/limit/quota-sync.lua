-- A node reports what it holds and has used of a limit, and is granted more if some is left.
--
-- KEYS: 1 hash of the subject, a field per node: held, used, wanted (requests and tokens of each), the time, and
--         the number of the report; a node without a field holds its share by the ring;
--       2 subjects of which a node wants more, by time; 3-5 as 1-3 of members.lua
-- ARGV: 1 node, 2 subject, 3-4 limit, 5-6 held, 7-8 used, 9-10 wanted beyond what is held, 11 number of the
--       report, 12 1: would hold its share by the ring again, and nothing else, 13 era that it knows,
--       14 milliseconds of a window, 15 test time or 0
-- Returns granted (2), what others still want (2), what others have used (2), whether 12 is granted.
local KEEP_S, FRESH_MS, RETURN_MS, UNLIMITED = 600, 2000, 2000, 2147483647
local me, subject, window = ARGV[1], ARGV[2], tonumber(ARGV[14])
local now = clock(ARGV[15])
local function pair(at) return {tonumber(ARGV[at]), tonumber(ARGV[at + 1])} end
local limit, held, used, wanted = pair(3), pair(5), pair(7), pair(9)

local rows = map(redis.call('HGETALL', KEYS[1]))
-- A delayed report that arrives after later ones is void.
if rows[me] and tonumber(string.match(rows[me], '%d+$')) >= tonumber(ARGV[11]) then return {0, 0, 0, 0, 0, 0, 0} end

local present = map(redis.call('ZRANGE', KEYS[3], 0, -1, 'WITHSCORES'))
local left = map(redis.call('ZRANGE', KEYS[4], 0, -1, 'WITHSCORES'))
local state = map(redis.call('HGETALL', KEYS[5]))
local members, place = names(state.members)
local before, placed = names(state.complete == '0' and state.before or '')
local era, era_at = state.era, tonumber(state.era_at or 0)

-- What a node may hold that has reported nothing.
local function part(k, nodes, rank)
  if not rank then return 0 end
  return math.floor(limit[k] / nodes) + (rank - 1 < limit[k] % nodes and 1 or 0)
end
local function implied(k, name)
  return math.max(part(k, #members, place[name]), part(k, #before, placed[name]))
end

-- Nothing is granted while a node may hold something that is not known here.
local unsure = era ~= ARGV[13] or now - tonumber(state.returned or -RETURN_MS) < RETURN_MS
  or now < tonumber(state.quiet or 0)
local others, need, spent, known = {0, 0}, {0, 0}, {0, 0}, {}
for name, row in pairs(rows) do
  local gone = left[name] and now - tonumber(left[name]) >= window
  if name ~= me and (gone or not (left[name] or present[name] or place[name] or placed[name])) then
    redis.call('HDEL', KEYS[1], name)
  elseif name ~= me then
    known[name] = true
    local n = {}
    for word in string.gmatch(row, '%d+') do n[#n + 1] = tonumber(word) end
    local old = n[7] <= era_at and not left[name]
    unsure = unsure or (old and state['y:' .. name] ~= era)
    for k = 1, 2 do
      others[k] = others[k] + (old and math.max(n[k], implied(k, name)) or n[k])
      if now - n[7] < window then spent[k] = spent[k] + n[2 + k] end
      if now - n[7] < FRESH_MS then need[k] = need[k] + n[4 + k] end
    end
  end
end
local function unreported(name)
  if name == me or known[name] or left[name] then return end
  known[name] = true
  unsure = unsure or state['y:' .. name] ~= era
  for k = 1, 2 do others[k] = others[k] + implied(k, name) end
end
for name in pairs(present) do unreported(name) end
for name in pairs(place) do unreported(name) end
for name in pairs(placed) do unreported(name) end

local granted, back = {0, 0}, ARGV[12] == '1' and not unsure
for k = 1, 2 do
  if not unsure then granted[k] = math.max(0, math.min(wanted[k], limit[k] - others[k] - held[k])) end
  back = back and (limit[k] >= UNLIMITED or others[k] + math.max(held[k], implied(k, me)) <= limit[k])
end
if back then
  redis.call('HDEL', KEYS[1], me)
else
  redis.call('HSET', KEYS[1], me, string.format('%d %d %d %d %d %d %d %d',
    held[1] + granted[1], held[2] + granted[2], used[1], used[2],
    wanted[1] - granted[1], wanted[2] - granted[2], now, tonumber(ARGV[11])))
  redis.call('EXPIRE', KEYS[1], KEEP_S)
end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - FRESH_MS)
if wanted[1] > granted[1] or wanted[2] > granted[2] then
  redis.call('ZADD', KEYS[2], now, string.format('%d %d %s', limit[1], limit[2], subject))
  redis.call('EXPIRE', KEYS[2], KEEP_S)
end
return {granted[1], granted[2], need[1], need[2], spent[1], spent[2], back and 1 or 0}
