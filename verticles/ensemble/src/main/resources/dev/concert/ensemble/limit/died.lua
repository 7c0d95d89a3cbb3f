-- A node says of the one before it that it was killed: it is missed from now on, and what it may have used grows old.
--
-- KEYS: 1 nodes by the time they were seen
-- ARGV: 1 node that was killed, 2 milliseconds after which a node that is not seen is missed, 3 the time played or 0
local missed = clock(ARGV[3]) - tonumber(ARGV[2])
local seen = redis.call('ZSCORE', KEYS[1], ARGV[1])
if seen and tonumber(seen) > missed then redis.call('ZADD', KEYS[1], missed, ARGV[1]) end
return 1
