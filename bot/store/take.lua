-- Takes wake entries that are due, by moving their time ahead.
-- KEYS[1] the shard  ARGV[1] now, Unix ms  ARGV[2] their new time  ARGV[3] most
-- Returns user, time, user, time, …
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', 0, ARGV[3])
for i = 1, #due, 2 do
  redis.call('ZADD', KEYS[1], ARGV[2], due[i])
end
return due
