package store

import "context"

type watchKey struct{}

// Watched is a context under which every query of a reader or a snapshot is told to fn before it runs, from the goroutine that asks. It is how tests count
// what a page costs (design §16); statements of write transactions are not told.
func Watched(ctx context.Context, fn func(query string)) context.Context {
	return context.WithValue(ctx, watchKey{}, fn)
}

func watched(ctx context.Context, query string) {
	if fn, ok := ctx.Value(watchKey{}).(func(string)); ok {
		fn(query)
	}
}
