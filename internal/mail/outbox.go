package mail

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/jobs"
	"essaim/internal/store"
)

// Job is the kind of jobs that hold letters: Args is a [Letter].
const Job = "mail"

// Carrier takes a letter away. An error of code invalid means that this letter will never arrive; any other is worth another attempt.
type Carrier interface {
	Carry(ctx context.Context, l *Letter, s Stamp) error
}

// Options of New.
type Options struct {
	Jobs     *jobs.Queue
	Carrier  Carrier                          // nil when no mail can be sent
	Instance string                           // name letters are signed with unless they have another, or Name says one
	Name     func(ctx context.Context) string // of the instance, as its operator has it now; may be nil
}

// Outbox takes letters. It is safe for concurrent use.
type Outbox struct{ Options }

// New makes an outbox.
func New(o Options) *Outbox { return &Outbox{o} }

// CanSend tells whether letters have anywhere to go. What needs a letter to work (confirming an address, a forgotten password) must not be offered without.
func (o *Outbox) CanSend() bool { return o.Carrier != nil }

// ErrCannotSend is what Queue returns when no mail server is set.
var ErrCannotSend = essaim.Errorf(essaim.Unavailable, "this instance cannot send mail: its operator has set no mail server")

// The lanes: who waits for a letter does not wait behind those to everybody.
const (
	lanePerson = "person"
	laneBulk   = "bulk"
)

// Queue hands letters over in the transaction of what causes them (LB17): once it is committed they are sent, `kill -9` or not. A letter that could never
// be sent is refused here, as an essaim.Error of code invalid; all of them are refused with [ErrCannotSend] unless CanSend.
func (o *Outbox) Queue(ctx context.Context, tx *store.Tx, letters ...Letter) error {
	if !o.CanSend() {
		return ErrCannotSend
	}
	for _, l := range letters {
		if l.Instance == "" {
			l.Instance = o.name(ctx)
		}
		if err := l.Check(); err != nil {
			return err
		}
		lane := lanePerson
		if l.Bulk {
			lane = laneBulk
		}
		if err := o.Jobs.Insert(ctx, tx, jobs.New{Kind: Job, Lane: lane, Args: l, Expires: l.Within}); err != nil {
			return err
		}
	}
	return nil
}

func (o *Outbox) name(ctx context.Context) string {
	if o.Name != nil {
		if name := o.Name(ctx); name != "" {
			return name
		}
	}
	return o.Instance
}

// Register has the queue send the letters, one of each lane at a time. Without a carrier it does not, and letters of an earlier time stay until there is one.
func (o *Outbox) Register() error {
	if !o.CanSend() {
		return nil
	}
	return o.Jobs.Register(jobs.Kind{Name: Job, Handler: o.send, Concurrency: 2, LaneLimit: 1, Lease: lease})
}

// lease bounds one attempt; what the carrier may take must stay below.
const lease = 2 * time.Minute

func (o *Outbox) send(ctx context.Context, j *jobs.Job) error {
	var l Letter
	if err := json.Unmarshal(j.Args, &l); err != nil {
		return jobs.Permanent(essaim.Errorf(essaim.Internal, "the letter of this job cannot be read: %w", err))
	}
	err := o.Carrier.Carry(ctx, &l, Stamp{ID: "letter." + strconv.FormatInt(j.ID, 36), Date: j.Created})
	if essaim.CodeOf(err) == essaim.Invalid {
		return jobs.Permanent(err)
	}
	return err
}
