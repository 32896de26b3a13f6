-- Gives a taken wake entry its next time, or removes it, unless it was written since.
-- KEYS[1] the shard  ARGV[1] user  ARGV[2] its time since it was taken  ARGV[3] next time, "" removes
if redis.call('ZSCORE', KEYS[1], ARGV[1]) ~= ARGV[2] then
  return 0
end
if ARGV[3] == '' then
  return redis.call('ZREM', KEYS[1], ARGV[1])
end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
return 1
