-- Takes a name where nobody holds it.
-- KEYS: the holder, the last epoch. ARGV: who takes it, for how many milliseconds.
-- Returns the new epoch, or 0.
if redis.call('EXISTS', KEYS[1]) == 1 then
  return 0
end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
-- Also after this server has lost its memory an epoch is greater than those before.
local epoch = math.max(tonumber(redis.call('GET', KEYS[2]) or '0') + 1, now)
redis.call('SET', KEYS[2], string.format('%.0f', epoch))
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return epoch
