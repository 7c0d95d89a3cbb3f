-- A node says that it is there, and learns among whom this minute and the next are split.
--
-- KEYS: 1 nodes by the time they were seen, 2 since when Redis knows, 3 split of this minute, 4 of the next,
--       5 nodes that have left and will use nothing of the next
-- ARGV: 1 node, 2 the split that it last knew (names with commas; empty: none), 3 whether to settle the next
--       minute, 4 milliseconds after which a node that is not seen is gone, 5 seconds to keep a split
-- Returns both splits, empty where they are not settled.
local me, known, keep = ARGV[1], ARGV[2], tonumber(ARGV[5])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local patience = tonumber(ARGV[4])
redis.call('ZADD', KEYS[1], now, me)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - patience)
redis.call('SET', KEYS[2], now, 'NX')
local nodes = redis.call('ZRANGE', KEYS[1], 0, -1)

-- A node goes by the split it knew while it cannot ask; once it can, that is what holds for the minute.
if redis.call('EXISTS', KEYS[3]) == 0 and (known ~= '' or #nodes == 1) then
  redis.call('SET', KEYS[3], known ~= '' and known or me, 'EX', keep)
end

if ARGV[3] == '1' and redis.call('EXISTS', KEYS[4]) == 0 then
  local there = {}
  for _, name in ipairs(nodes) do there[name] = true end
  -- After a loss of its memory Redis has not heard of everybody yet.
  if now - tonumber(redis.call('GET', KEYS[2])) < patience then
    for name in string.gmatch(known, '[^,]+') do
      if redis.call('SISMEMBER', KEYS[5], name) == 0 then there[name] = true end
    end
  end
  local all = {}
  for name in pairs(there) do all[#all + 1] = name end
  table.sort(all)
  redis.call('SET', KEYS[4], table.concat(all, ','), 'EX', keep)
end
return {redis.call('GET', KEYS[3]) or '', redis.call('GET', KEYS[4]) or ''}
