package store

import (
	"context"
	"time"

	"essaim/internal/essaim"
)

// Report is a Flag received, or made here, with what was decided of it. Objects is a JSON array of iris.
type Report struct {
	ID, Reporter, Target     essaim.ID
	Objects, Words, Activity string
	Reason                   string // of ModerationReasons; "" when another server gave none
	Snapshot                 string // the words that were reported, as they stood
	Created                  time.Time
	Decision, Note           string // of ModerationDecisions, and why; "" while it is open
	Decided                  time.Time
	DecidedBy                essaim.ID // account
}

// Open tells whether nothing was decided yet.
func (r *Report) Open() bool { return r.Decided.IsZero() }

const reportColumns = `r.id, r.reporter, r.target, r.objects, r.content, r.activity, r.created, r.reason, r.snapshot, r.decision, r.note, r.decided, r.decided_by`

func scanReport(s scanner) (*Report, error) {
	var r Report
	var created, decided int64
	err := s.Scan(&r.ID, &r.Reporter, &r.Target, &r.Objects, &r.Words, &r.Activity, &created, &r.Reason, &r.Snapshot, &r.Decision, &r.Note, &decided, &r.DecidedBy)
	r.Created, r.Decided = at(created), at(decided)
	return &r, err
}

// Reports lists the open reports, newest first.
func Reports(ctx context.Context, q Q, p Page) ([]*Report, error) {
	return ReportPage(ctx, q, false, p)
}

// ReportPage lists the reports that are open, or those that were decided, newest first, one more than the limit when the list goes on.
func ReportPage(ctx context.Context, q Q, decided bool, p Page) ([]*Report, error) {
	state := 0
	if decided {
		state = 1
	}
	return window(ctx, q, scanReport, p, "r.id", `select `+reportColumns+` from reports r where r.state = $1`, state)
}

// ReportByID finds a report, or ErrNotFound.
func ReportByID(ctx context.Context, q Q, id essaim.ID) (*Report, error) {
	return one(ctx, q, scanReport, `select `+reportColumns+` from reports r where r.id = $1`, int64(id))
}

// ReportsBy lists what an actor reported, newest first.
func ReportsBy(ctx context.Context, q Q, reporter essaim.ID) ([]*Report, error) {
	return many(ctx, q, scanReport, `select `+reportColumns+` from reports r where r.reporter = $1 order by r.id desc limit 100`, int64(reporter))
}

// ReportsAbout lists what was reported of an actor, newest first: the history beside a case.
func ReportsAbout(ctx context.Context, q Q, target essaim.ID) ([]*Report, error) {
	return many(ctx, q, scanReport, `select `+reportColumns+` from reports r where r.target = $1 and r.target <> 0 order by r.id desc limit 50`, int64(target))
}

// CountReports counts the open ones.
func CountReports(ctx context.Context, q Q) (int64, error) {
	return one(ctx, q, scanInt, `select count(*) from reports r where r.state = 0`)
}

// AuditEntry is an act of moderation or administration.
type AuditEntry struct {
	ID                        essaim.ID
	At                        time.Time
	Who, Verb, Target, Detail string
}

// AuditPage lists what was done, newest first.
func AuditPage(ctx context.Context, q Q, p Page) ([]*AuditEntry, error) {
	return window(ctx, q, func(s scanner) (*AuditEntry, error) {
		var e AuditEntry
		var when int64
		err := s.Scan(&e.ID, &when, &e.Who, &e.Verb, &e.Target, &e.Detail)
		e.At = at(when)
		return &e, err
	}, p, "u.id", `select u.id, u.at, u.who, u.verb, u.target, u.detail from audit u where 1 = 1`)
}

// Restrained lists the actors that are limited or suspended here, the newest first.
func Restrained(ctx context.Context, q Q) ([]*Card, error) {
	return many(ctx, q, scanCard, `select `+cardColumns+fromActors+`where a.state in (1, 2) order by o.id desc limit 200`)
}
