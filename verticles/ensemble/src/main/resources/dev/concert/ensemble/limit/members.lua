-- A node announces itself and reads the ring of nodes that share the limits.
--
-- KEYS: 1 nodes by the time they were seen, 2 those that have left by the time they did, 3 hash of what is known:
--         number, members, before, complete: the ring; era: begins when Redis may have forgotten something or
--         nobody could reach it; era_at, since, returned, quiet: times, nothing is granted until the last; run: which process Redis was;
--         s:NODE number of the ring it has settled in, y:NODE era to which it has reported all that it holds
-- ARGV: 1 node; the ring that it knows: 2 number (0: none), 3 members, 4 before (empty: complete);
--       5 number of the ring it has kept to for a window's time, 6 era that it knows, 7 whether it has reported
--       all that it holds (2: it holds nothing to report), 8 milliseconds of a window, 9 those
--       after which a node that is not seen is missed, 10 those that nobody begins alone, 11 test time or 0, 12 milliseconds for which
--       something may count that was used by nodes of no ring
-- Returns number, members, whether the ring is complete, era, 12 for the next time.
local me, mine = ARGV[1], tonumber(ARGV[2])
local window, timeout, alone = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
local now = clock(ARGV[11])
local state = map(redis.call('HGETALL', KEYS[3]))
local function set(field, value)
  state[field] = tostring(value)
  redis.call('HSET', KEYS[3], field, state[field])
end

-- Another Redis process may have lost its memory; if no node came for long, none could reach it.
local info = redis.pcall('INFO', 'server')
local run = type(info) == 'string' and string.match(info, 'run_id:(%x+)') or 'unknown'
local newest = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')
if not state.era or run ~= state.run or (newest[2] and now - tonumber(newest[2]) >= 10000) then
  set('run', run)
  set('era', run .. '-' .. now)
  set('era_at', now)
  if mine > 0 then
    -- The other nodes will come back like this one and continue with what they hold.
    for _, name in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do redis.call('ZADD', KEYS[1], now, name) end
  end
end
if not state.since then set('since', now) end
if mine > 0 and ARGV[6] ~= state.era then
  if tonumber(state.returned or -1) < tonumber(state.era_at) then set('returned', now) end
  set('quiet', math.max(tonumber(state.quiet or 0), now + tonumber(ARGV[12])))
end

redis.call('ZADD', KEYS[1], now, me)
local function drop(key, before)
  for _, name in ipairs(redis.call('ZRANGEBYSCORE', key, '-inf', before)) do
    redis.call('ZREM', key, name)
    redis.call('HDEL', KEYS[3], 's:' .. name, 'y:' .. name)
  end
end
-- A missed node may have used something until then.
drop(KEYS[1], now - timeout - window - 1000)
-- Nodes that left are remembered for longer than any ring that may contain them.
drop(KEYS[2], now - 10 * window)
local left = map(redis.call('ZRANGE', KEYS[2], 0, -1, 'WITHSCORES'))

-- Restores what Redis has forgotten and this node remembers.
if mine > tonumber(state.number or 0) then
  set('number', mine)
  set('members', ARGV[3])
  set('before', ARGV[4])
  set('complete', 0)
  for name in string.gmatch(ARGV[3] .. ',' .. ARGV[4], '[^,]+') do
    if not left[name] then redis.call('ZADD', KEYS[1], 'NX', now, name) end
  end
end
if tonumber(ARGV[5]) > tonumber(state['s:' .. me] or 0) then set('s:' .. me, ARGV[5]) end
if ARGV[7] == '2' or (ARGV[7] == '1' and ARGV[6] == state.era) then set('y:' .. me, state.era) end

local present = map(redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES'))
local members = names(state.members)
if state.complete == '0' then
  local all = true
  for _, name in ipairs(members) do
    local settled = tonumber(state['s:' .. name] or 0) >= tonumber(state.number)
    all = all and (settled or left[name] or not present[name]) and true or false
  end
  if all then set('complete', 1) end
end

-- Nodes keep their order, so that the remainder of a division stays with the same nodes.
local function alive(name) return present[name] and now - tonumber(present[name]) < timeout and not left[name] end
if state.complete == '1' or (not state.number and now - tonumber(state.since) >= alone) then
  local was, all, came, quiet = {}, {}, {}, true
  for _, name in ipairs(members) do
    was[name] = true
    if alive(name) then all[#all + 1] = name end
    if present[name] or (left[name] and now - tonumber(left[name]) < window) then quiet = false end
  end
  for name in pairs(present) do
    if not was[name] and alive(name) then came[#came + 1] = name end
  end
  table.sort(came)
  if #came > 0 or #all < #members then
    for _, name in ipairs(came) do all[#all + 1] = name end
    set('before', state.members or '')
    set('number', tonumber(state.number or 0) + 1)
    set('members', table.concat(all, ','))
    -- If no node of before can be using anything, there is none to wait for.
    set('complete', quiet and 1 or 0)
  end
end

-- If everything were forgotten now, the nodes of the ring would come back; the usage of other nodes would be unknown.
local _, place = names(state.members)
local unknown = tonumber(state.quiet or 0) - now
for name, seen in pairs(present) do
  if not place[name] then unknown = math.max(unknown, tonumber(seen) + window - now) end
end
for _, at in pairs(left) do unknown = math.max(unknown, tonumber(at) + window - now) end
return {tonumber(state.number or 0), state.members or '', state.complete == '1' and 1 or 0, state.era,
  math.max(0, unknown)}
