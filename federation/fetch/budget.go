package fetch

import (
	"context"
	"errors"
	"sync/atomic"
)

// What one inbound activity may cost us in requests, and how deep a chain of
// references may be followed because of it (S36).
const (
	MaxRequests = 20
	MaxDepth    = 8
)

// ErrBudget says that the work started by one activity used up its requests, or
// went too deep (S36). What is missing stays missing; the activity is kept.
var ErrBudget = errors.New("too many requests for one activity")

type budgetKey struct{}

type depthKey struct{}

type budget struct {
	left  atomic.Int64
	outer *budget
}

// WithBudget allows n requests to everything done under the context, redirects
// and second tries included. A budget inside a budget draws on both.
func WithBudget(ctx context.Context, n int) context.Context {
	b := &budget{}
	b.left.Store(int64(n))
	b.outer, _ = ctx.Value(budgetKey{}).(*budget)
	return context.WithValue(ctx, budgetKey{}, b)
}

// Deeper is called before following a reference found in a retrieved document.
// It answers ErrBudget past MaxDepth levels.
func Deeper(ctx context.Context) (context.Context, error) {
	depth, _ := ctx.Value(depthKey{}).(int)
	if depth >= MaxDepth {
		return ctx, ErrBudget
	}
	return context.WithValue(ctx, depthKey{}, depth+1), nil
}

// spend takes one request from the budgets of the context, if there are any.
func spend(ctx context.Context) error {
	b, _ := ctx.Value(budgetKey{}).(*budget)
	for ; b != nil; b = b.outer {
		if b.left.Add(-1) < 0 {
			return ErrBudget
		}
	}
	return nil
}
