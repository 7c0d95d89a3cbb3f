-- Reserves an amount in all budgets or in none. KEYS: one hash for each budget, with what each node has
-- spent (s:NODE) and reserved (r:NODE), in billionths of a dollar. ARGV: the node; then for each budget
-- its limit, what the node has spent, what it has reserved with this call, the amount of this call (-1
-- for a report without a call), the seconds for which the hash is kept, and the least that other nodes
-- have spent, which counts if Redis has lost its memory. Returns the number of the budget that has too
-- little left, or 0; then for each budget what other nodes have spent and reserved, and spent.
local node = ARGV[1]
local answer = {0}
for i, key in ipairs(KEYS) do
  local at = 2 + (i - 1) * 6
  local others, othersSpent = 0, 0
  local all = redis.call('HGETALL', key)
  for f = 1, #all, 2 do
    if string.sub(all[f], 3) ~= node then
      others = others + tonumber(all[f + 1])
      if string.sub(all[f], 1, 1) == 's' then
        othersSpent = othersSpent + tonumber(all[f + 1])
      end
    end
  end
  local least = tonumber(ARGV[at + 5])
  if othersSpent < least then
    others, othersSpent = others + least - othersSpent, least
  end
  local limit, spent, reserved = tonumber(ARGV[at]), tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  if answer[1] == 0 and tonumber(ARGV[at + 3]) >= 0
      and (others + spent + reserved > limit or othersSpent + spent >= limit) then
    answer[1] = i
  end
  answer[#answer + 1] = string.format('%.0f', others)
  answer[#answer + 1] = string.format('%.0f', othersSpent)
end
for i, key in ipairs(KEYS) do
  local at = 2 + (i - 1) * 6
  local reserved = tonumber(ARGV[at + 2])
  if answer[1] ~= 0 and tonumber(ARGV[at + 3]) > 0 then
    reserved = reserved - tonumber(ARGV[at + 3])
  end
  redis.call('HSET', key, 's:' .. node, ARGV[at + 1], 'r:' .. node, string.format('%.0f', reserved))
  redis.call('EXPIRE', key, ARGV[at + 4])
end
return answer
