-- Keeps a bucket empty until a time; the latest stands.
-- KEYS[1] the bucket  ARGV[1] until, Unix ms
local p = redis.call('HGET', KEYS[1], 'paused')
if not p or tonumber(p) < tonumber(ARGV[1]) then
  redis.call('HSET', KEYS[1], 'paused', ARGV[1])
end
redis.call('PEXPIRE', KEYS[1], 86400000)
return 1
