-- Takes tokens from a bucket that fills at a rate and holds a fifth of a second's worth, at least one.
-- KEYS[1] the bucket  ARGV[1] now, Unix ms  ARGV[2] tokens a second  ARGV[3] wanted
local now, rate, want = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local b = redis.call('HMGET', KEYS[1], 'tokens', 'at', 'paused')
if b[3] and tonumber(b[3]) > now then
  return 0
end
local room = math.max(1, rate / 5)
local tokens, at = tonumber(b[1] or room), tonumber(b[2] or now)
if now > at then
  tokens = math.min(room, tokens + (now - at) * rate / 1000)
  at = now
end
local got = math.min(want, math.floor(tokens))
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens - got), 'at', string.format('%d', at))
redis.call('PEXPIRE', KEYS[1], 86400000)
return got
