-- A node reports that its predecessor was killed: the predecessor counts as missed from now on, and its usage ages out.
--
-- KEYS: 1 nodes by the time they were seen
-- ARGV: 1 node that was killed, 2 milliseconds after which a node that is not seen is missed, 3 test time or 0
local missed = clock(ARGV[3]) - tonumber(ARGV[2])
local seen = redis.call('ZSCORE', KEYS[1], ARGV[1])
if seen and tonumber(seen) > missed then redis.call('ZADD', KEYS[1], missed, ARGV[1]) end
return 1
