-- Claims a batch (KEYS[1]) for a node (ARGV[1]) for so many milliseconds (ARGV[2]), unless another
-- node has it. A claim is never made shorter. Returns the node that has the batch.
local holder = redis.call('GET', KEYS[1])
if not holder or holder == ARGV[1] then
  if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then
    redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  end
  return ARGV[1]
end
return holder
