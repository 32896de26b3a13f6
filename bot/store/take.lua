-- Takes wake entries that are due, by moving their time ahead. Where there are more than are asked for, the last are
-- those that came due last: nobody waits behind all of a burst.
-- KEYS[1] the shard  ARGV[1] now, Unix ms  ARGV[2] their new time  ARGV[3] most  ARGV[4] how many of them come from the end
-- Returns user, time, user, time, …
local function claim(due)
  for i = 1, #due, 2 do
    redis.call('ZADD', KEYS[1], ARGV[2], due[i])
  end
  return due
end
local due = claim(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', 0, ARGV[3] - ARGV[4]))
if #due == 2 * (ARGV[3] - ARGV[4]) then
  for _, v in ipairs(claim(redis.call('ZREVRANGEBYSCORE', KEYS[1], ARGV[1], '-inf', 'WITHSCORES', 'LIMIT', 0, ARGV[4]))) do
    due[#due + 1] = v
  end
end
return due
