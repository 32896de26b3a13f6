// Package store keeps what the path must not lose: on Redis for any number of replicas, or in one file for one
// process. Both make the promises of storetest.
package store

import (
	"hash/fnv"
	"strconv"

	"wenzhu/bot/chat"
	"wenzhu/dialog"
)

// The braces keep all keys of one person in one cluster slot, so that one script may touch them.

// recordKey: STRING etag, format, key id, sealed JSON; ends with the person's data.
func recordKey(u chat.UserKey) string { return "wenzhu:{" + string(u) + "}:record" }

// listKey: HASH id → sealed entry; ends with the person's data.
func listKey(u chat.UserKey, l dialog.List) string { return "wenzhu:{" + string(u) + "}:" + string(l) }

// asideKey: STRING bytes of a record that could not be read; ends when the record would have ended.
func asideKey(u chat.UserKey) string { return "wenzhu:{" + string(u) + "}:aside" }

// userKeys are the record, all lists and what was set aside, in the order that commit.lua expects.
func userKeys(u chat.UserKey) []string {
	keys := []string{recordKey(u)}
	for _, l := range dialog.AllLists {
		keys = append(keys, listKey(u, l))
	}
	return append(keys, asideKey(u))
}

// codeKey: STRING sealed value behind a recovery code; ends with the person's data.
func codeKey(hash string) string { return "wenzhu:{code:" + hash + "}" }

// ownCodeKey: STRING hash of the person's recovery code, so that deletion finds it; ends with their data.
func ownCodeKey(u chat.UserKey) string { return "wenzhu:{" + string(u) + "}:code" }

// wakeShards is how many parts the wake index has, so that it can lie on several servers.
const wakeShards = 16

// wakeKey: ZSET user → time in Unix ms; for ever, entries are removed by Settle.
func wakeKey(shard int) string { return "wenzhu:{wake:" + strconv.Itoa(shard) + "}" }

func wakeShard(u chat.UserKey) int {
	h := fnv.New32a()
	h.Write([]byte(u))
	return int(h.Sum32() % wakeShards)
}

// bucketKey: HASH tokens, at, paused; a day after its last use.
func bucketKey(name string) string { return "wenzhu:{rate:" + name + "}" }

// noteKey: LIST of lines that belong to nobody, capped; for ever.
func noteKey(journal string) string { return "wenzhu:{note:" + journal + "}" }

// checkKey: STRING sealed known text, to refuse a wrong DATA_KEY at start; for ever.
const checkKey = "wenzhu:{check}"

// nudgeChannel: pub/sub of user keys whose conversation grew.
const nudgeChannel = "wenzhu:nudge"
