-- Saves one turn whole or not at all.
-- KEYS[1] record  KEYS[2..] all lists, then what was set aside; left out where only a send is settled and their end
-- stays; last the shard of the wake index, where ARGV[5] says so
-- ARGV[1] etag read, "" for none  ARGV[2] new record  ARGV[3] end of life, Unix ms  ARGV[4] "1" erase first
-- ARGV[5] when to look at the record again, Unix ms, "" where the index lies on another server  ARGV[6] user
-- ARGV[7..] triples: index into KEYS, id, value ("" removes)
if redis.call('GETRANGE', KEYS[1], 0, 7) ~= ARGV[1] then
  return -1
end
local shard
if ARGV[5] ~= '' then
  shard = table.remove(KEYS)
end
if ARGV[4] == '1' then
  redis.call('DEL', unpack(KEYS))
end
for i = 7, #ARGV, 3 do
  local key = KEYS[tonumber(ARGV[i])]
  if ARGV[i + 2] == '' then
    redis.call('HDEL', key, ARGV[i + 1])
  else
    redis.call('HSET', key, ARGV[i + 1], ARGV[i + 2])
  end
end
redis.call('SET', KEYS[1], ARGV[2], 'PXAT', ARGV[3])
for i = 2, #KEYS do
  redis.call('PEXPIREAT', KEYS[i], ARGV[3])
end
if shard then -- another time than before, so that whoever took the entry sees that it was written
  local at = ARGV[5]
  if redis.call('ZSCORE', shard, ARGV[6]) == at then
    at = string.format('%d', at - 1)
  end
  redis.call('ZADD', shard, at, ARGV[6])
end
return 1
