package turn

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/dialog"
)

// TestRecordOfFormat1IsRead: what this release and the one before it have written stays readable, field by field.
// Where this fails because a shape has changed, the format byte rises, and the sample stays beside a new one.
func TestRecordOfFormat1IsRead(t *testing.T) {
	sample, err := os.ReadFile("testdata/record-1.json")
	require.NoError(t, err)
	r, err := decode(sample)
	require.NoError(t, err)
	assert.Equal(t, dialog.LogHow, r.Session.State)
	assert.Equal(t, dialog.Relative, r.Session.Person)
	assert.True(t, r.Session.Keeps())
	assert.Equal(t, "u42/0", r.Owed[0].Reply.ID)
	assert.Equal(t, "0a1b2c3d4e5f", r.Lease.By)
	assert.Equal(t, time.UnixMilli(1795529433000), r.next(), "the end of the lease is what comes first")
	again, err := r.encode()
	require.NoError(t, err)
	assert.JSONEq(t, string(sample), string(again), "no field is lost")
}

// FuzzRecord: whatever stands in the store is damaged, or a record with which a turn can be taken.
func FuzzRecord(f *testing.F) {
	sample, err := os.ReadFile("testdata/record-1.json")
	require.NoError(f, err)
	f.Add(sample)
	f.Add([]byte(`{"n":"AAE=","o":[{}],"e":-9223372036854775808,"s":{"z":"../../etc","t":[{},{},{},{},{},{}]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := decode(body)
		if err != nil {
			require.ErrorIs(t, err, ErrDamaged)
			return
		}
		now := time.Unix(1_800_000_000, 0)
		require.True(t, r.see("u1").seen("u1"))
		r.next()
		if len(r.Owed) > 0 {
			hold(r.Owed[0], r.Session, "tg:1", now)
			r.after(r.Owed[0], nil, now)
			r.change(func(o *owed) { o.Tries++ })
		}
		for range 2 { // the first time an empty list may still become none
			body, err = r.encode()
			require.NoError(t, err)
			r, err = decode(body)
			require.NoError(t, err)
		}
		again, err := r.encode()
		require.NoError(t, err)
		assert.Equal(t, string(body), string(again))
	})
}
