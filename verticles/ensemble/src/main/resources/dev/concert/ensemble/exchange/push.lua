-- Takes records that a node has changed. KEYS: records, log, state. ARGV: a new name of the contents,
-- then id and record of each. Returns the name, and the records that are newer here.
redis.call('HSETNX', KEYS[3], 'era', ARGV[1])
local newer = {redis.call('HGET', KEYS[3], 'era')}
for i = 2, #ARGV, 2 do
  local given = cjson.decode(ARGV[i + 1])
  local stored = redis.call('HGET', KEYS[1], ARGV[i])
  local take = true
  if stored and stored ~= ARGV[i + 1] then
    local known = cjson.decode(stored)
    local ends = given.status == 'REVOKED' and known.status ~= 'REVOKED'
    local revives = known.status == 'REVOKED' and given.status ~= 'REVOKED'
    -- A revocation is permanent, whatever else was changed meanwhile.
    take = ends or (not revives and given.revision > known.revision)
  elseif stored then
    take = false
  end
  if take then
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
    redis.call('ZADD', KEYS[2], redis.call('HINCRBY', KEYS[3], 'number', 1), ARGV[i])
  elseif stored ~= ARGV[i + 1] then
    newer[#newer + 1] = stored
  end
end
return newer
