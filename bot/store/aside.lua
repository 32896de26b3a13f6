-- Moves an unreadable record out of the way, keeping its end.
-- KEYS[1] record  KEYS[2] aside  ARGV[1] etag read
local have = redis.call('GETRANGE', KEYS[1], 0, 7)
if have == '' or have ~= string.sub(ARGV[1], 1, #have) then
  return -1
end
redis.call('RENAME', KEYS[1], KEYS[2])
return 1
