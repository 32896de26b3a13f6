package store

import (
	"context"
	"runtime"
	"sync"

	"github.com/redis/go-redis/v9"
)

// batches sends commands for different people to one server together: what is asked while a write is under way
// goes out with the next one. Under load a turn then costs a fraction of a system call, and Redis syncs its file
// once for all of them; alone a command goes out at once.
type batches struct {
	client redis.UniversalClient

	mu      sync.Mutex
	next    *batch // nil: nothing waits
	writers int
}

// batch is what goes out in one write; its commands may be read when done is closed.
type batch struct {
	pipe redis.Pipeliner
	done chan struct{}
}

// batchWriters is how many batches are under way at most, each on a connection of its own.
const batchWriters = 2

// do sends the commands that put adds, in this order, and waits for their answers. It fails only where ctx ends
// before they came; each command has its own error.
func (b *batches) do(ctx context.Context, put func(redis.Pipeliner)) error {
	b.mu.Lock()
	if b.next == nil {
		b.next = &batch{pipe: b.client.Pipeline(), done: make(chan struct{})}
	}
	mine := b.next
	put(mine.pipe)
	if b.writers < batchWriters {
		b.writers++
		go b.write()
	}
	b.mu.Unlock()
	select {
	case <-mine.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// write sends batches until nothing waits. Nobody's context ends it for the others: the client's timeouts do.
func (b *batches) write() {
	for {
		runtime.Gosched() // whoever is about to ask comes along
		mine := b.take()
		if mine == nil {
			return
		}
		_, _ = mine.pipe.Exec(context.Background()) // every command has its error
		close(mine.done)
	}
}

// take is the next batch; nil ends the writer.
func (b *batches) take() *batch {
	b.mu.Lock()
	defer b.mu.Unlock()
	mine := b.next
	b.next = nil
	if mine == nil {
		b.writers--
	}
	return mine
}
