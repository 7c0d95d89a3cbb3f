-- Returns the name of the contents, the number of the last change, and the records changed after a
-- number. KEYS: records, log, state. ARGV: a new name, the name and the number that the node knows.
redis.call('HSETNX', KEYS[3], 'era', ARGV[1])
local era = redis.call('HGET', KEYS[3], 'era')
local after = era == ARGV[2] and ARGV[3] or '0'
local answer = {era, redis.call('HGET', KEYS[3], 'number') or '0'}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. after, '+inf')) do
  answer[#answer + 1] = redis.call('HGET', KEYS[1], id)
end
return answer
