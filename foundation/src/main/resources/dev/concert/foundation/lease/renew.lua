-- Prolongs a term. KEYS: the holder. ARGV: who holds it, for how many milliseconds from now.
-- Returns 1, or 0 where the term is over.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
