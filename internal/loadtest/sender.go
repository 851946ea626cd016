package loadtest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Sender posts letters over connections that it keeps, and insists as a server that delivers does: no answer, 429 and 5xx mean again,
// 202 is the end, any other answer is a refusal. The zero value sends one letter at a time.
type Sender struct {
	Workers int
	// Dial lists where to connect instead of the host the letters are for: several nodes of one instance, taken in turn.
	Dial []string
	// Accepted hears of every letter answered 202, from many goroutines; it may be nil.
	Accepted func(Letter)
}

// Tally is the outcome of Send.
type Tally struct {
	Accepted int
	Again    int       // tries that had to be repeated
	Refused  []Refusal // letters that were not accepted and will not be
	Unsent   int       // letters left when the context ended
}

// Refusal is a final answer other than 202.
type Refusal struct {
	ID     string
	Status int
	Body   string // its beginning
}

// sources is how many addresses of 127.0.0.0/8 the hosts of a peer speak from. An instance limits the requests of one address, and
// the servers of the world do not share one.
const sources = 32

// Send posts the letters, each until it is settled or ctx ends. Letters of one host leave from one address.
func (s Sender) Send(ctx context.Context, letters []Letter) Tally {
	queues := make(map[int]chan Letter, sources)
	for _, l := range letters {
		from := l.from % sources
		if queues[from] == nil {
			queues[from] = make(chan Letter, len(letters))
		}
		queues[from] <- l
	}
	var mu sync.Mutex
	var total Tally
	var turn atomic.Int64
	var working sync.WaitGroup
	each := 1
	if len(queues) > 0 {
		each = max(s.Workers/len(queues), 1)
	}
	gate := make(chan struct{}, max(s.Workers, 1))
	for from, queue := range queues {
		close(queue)
		for range each {
			working.Go(func() {
				w := worker{Sender: s, from: from, turn: int(turn.Add(1)), gate: gate}
				defer w.hangUp()
				for l := range queue {
					w.settle(ctx, l)
				}
				mu.Lock()
				defer mu.Unlock()
				total.Accepted += w.tally.Accepted
				total.Again += w.tally.Again
				total.Unsent += w.tally.Unsent
				total.Refused = append(total.Refused, w.tally.Refused...)
			})
		}
	}
	working.Wait()
	return total
}

// worker sends one letter at a time over one connection.
type worker struct {
	Sender
	from, turn int
	gate       chan struct{} // so many requests at once among all workers
	conn       net.Conn
	in         *bufio.Reader
	tally      Tally
}

// settle sends a letter until it is answered for good.
func (w *worker) settle(ctx context.Context, l Letter) {
	for {
		if ctx.Err() != nil {
			w.tally.Unsent++
			return
		}
		w.gate <- struct{}{}
		status, body, after, err := w.once(ctx, l)
		<-w.gate
		switch {
		case err != nil:
			w.hangUp()
			after = 50 * time.Millisecond
		case status == http.StatusAccepted:
			w.tally.Accepted++
			if w.Accepted != nil {
				w.Accepted(l)
			}
			return
		case status == http.StatusTooManyRequests || status >= 500:
		default:
			w.tally.Refused = append(w.tally.Refused, Refusal{ID: l.ID, Status: status, Body: body})
			return
		}
		w.tally.Again++
		wait := time.NewTimer(after)
		select {
		case <-ctx.Done():
		case <-wait.C:
		}
		wait.Stop()
	}
}

// once writes a letter and reads the answer. after is how long the server wants to be left alone, at most a second: the tests have
// no minutes to give.
func (w *worker) once(ctx context.Context, l Letter) (status int, body string, after time.Duration, err error) {
	if w.conn == nil {
		if err := w.call(ctx, l.Host); err != nil {
			return 0, "", 0, err
		}
	}
	if err := w.conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return 0, "", 0, err
	}
	if _, err := w.conn.Write(l.raw); err != nil {
		return 0, "", 0, err
	}
	res, err := http.ReadResponse(w.in, nil)
	if err != nil {
		return 0, "", 0, err
	}
	defer res.Body.Close()
	said, err := io.ReadAll(io.LimitReader(res.Body, 4<<10))
	if err != nil {
		return 0, "", 0, err
	}
	if res.Close {
		w.hangUp()
	}
	after = 100 * time.Millisecond
	if n, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && n > 0 {
		after = time.Second
	}
	return res.StatusCode, string(said[:min(len(said), 200)]), after, nil
}

func (w *worker) call(ctx context.Context, host string) error {
	if len(w.Dial) > 0 {
		host = w.Dial[w.turn%len(w.Dial)]
		w.turn++
	}
	d := net.Dialer{Timeout: 5 * time.Second, LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 1, byte(1+w.from))}}
	conn, err := d.DialContext(ctx, "tcp", host)
	if err != nil {
		return fmt.Errorf("call %s: %w", host, err)
	}
	w.conn, w.in = conn, bufio.NewReader(conn)
	return nil
}

func (w *worker) hangUp() {
	if w.conn != nil {
		_ = w.conn.Close()
		w.conn = nil
	}
}
