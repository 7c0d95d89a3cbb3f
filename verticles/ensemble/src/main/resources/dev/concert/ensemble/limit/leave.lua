-- A node leaves, and will use nothing but what it has reported.
--
-- KEYS: 1 nodes by the time they were seen, 2 those that have left by the time they did
-- ARGV: 1 node, 2 test time or 0
redis.call('ZREM', KEYS[1], ARGV[1])
return redis.call('ZADD', KEYS[2], clock(ARGV[2]), ARGV[1])
