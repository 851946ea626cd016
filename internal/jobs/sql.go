package jobs

import (
	"context"
	"fmt"
	"strings"

	"essaim/internal/store"
)

// batch is how many jobs one claim takes; statements with a list of ids have
// this many parameters, the unused ones 0, so that their text is kept prepared.
const batch = 50

// head holds for jobs that no earlier one of the same serial holds back.
const head = `(jobs.serial = '' or not exists (select 1 from jobs e where e.kind = jobs.kind and e.serial = jobs.serial
	and e.serial <> '' and e.state < 2 and e.id < jobs.id))`

const (
	columnsSeen = `select id, lane, serial, attempts, run_at, ` + head + ` from jobs where `

	// What came due after a position, blocked or not.
	selectDue = columnsSeen + `kind = $1 and state < 2 and run_at <= $2 and (run_at, id) > ($3, $4) order by run_at, id limit $5`
	// The head of one serial, due or not.
	selectSerial = columnsSeen + `kind = $1 and serial = $2 and serial <> '' and state < 2 order by id limit 1`
	// What came due and may run: for tests, which have no cursor.
	selectHeads = columnsSeen + `kind = $1 and state < 2 and run_at <= $2 and ` + head + ` order by run_at, id limit $3`
	// When something comes due after a moment.
	selectNext = `select run_at from jobs where kind = $1 and state < 2 and run_at > $2 order by run_at limit 1`
	// When something that may run comes due.
	selectNextHead = `select run_at from jobs where kind = $1 and state < 2 and ` + head + ` order by run_at limit 1`

	insertJob = `insert into jobs (id, kind, lane, serial, state, attempts, run_at, lease, created, expires, activity, object, status, args, body, error)
		values ($1, $2, $3, $4, 0, 0, $5, 0, $6, $7, $8, $9, 0, $10, $11, '') on conflict (id) do nothing`

	// A job whose lease was lost has another number of attempts.
	deleteOurs = `delete from jobs where id = $1 and attempts = $2`
	waitOurs   = `update jobs set run_at = $3, lease = 0, attempts = $4, serial = $5, status = $6, error = $7 where id = $1 and attempts = $2`
	buryOurs   = `update jobs set state = 2, lease = 0, status = $3, error = $4 where id = $1 and attempts = $2`
)

var deleteBatch = `delete from jobs where id in (` + placeholders(1) + `)`

// renewBatch lengthens claims. $1 lease, $2 attempts: a claim that was lost has
// another number of them, one that ended has no lease.
var renewBatch = `update jobs set lease = $1, run_at = case when run_at < $1 then $1 else run_at end
	where id in (` + placeholders(3) + `) and attempts = $2 and lease > 0 and state < 2 returning id`

// claimBatch takes the due ones among the listed ids. $1 lease, $2 next run,
// $3 now.
func claimBatch(d store.Dialect) string {
	return `update jobs set attempts = attempts + 1, lease = $1, run_at = $2 where id in (select id from jobs
		where id in (` + placeholders(4) + `) and state < 2 and run_at <= $3 and ` + head + d.SkipLocked() + `)
		returning id, lane, serial, attempts, created, expires, activity, object, args, body`
}

// placeholders lists batch parameters from $first on.
func placeholders(first int) string {
	var b strings.Builder
	for i := range batch {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "$%d", first+i)
	}
	return b.String()
}

// padded appends the ids and as many zeros as the statement still wants.
func padded(args []any, ids []int64) []any {
	for i := range batch {
		id := int64(0)
		if i < len(ids) {
			id = ids[i]
		}
		args = append(args, id)
	}
	return args
}

// seen is a due job before it is claimed.
type seen struct {
	id       int64
	lane     string
	serial   string
	attempts int
	runAt    int64
	head     bool
}

func selectSeen(ctx context.Context, q store.Q, query string, args ...any) ([]seen, error) {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("jobs: look: %w", err)
	}
	defer rows.Close()
	var all []seen
	for rows.Next() {
		var s seen
		if err := rows.Scan(&s.id, &s.lane, &s.serial, &s.attempts, &s.runAt, &s.head); err != nil {
			return nil, fmt.Errorf("jobs: look: %w", err)
		}
		all = append(all, s)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("jobs: look: %w", err)
	}
	return all, nil
}
