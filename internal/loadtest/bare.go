package loadtest

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"essaim/internal/store"
)

// Bare is the CPU cost of what the measured operations cannot do without, taken on the same machine in the same run.
type Bare struct {
	SignRSA, VerifyRSA         time.Duration // 2048 bits, PKCS #1 v1.5, SHA-256
	SignEd25519, VerifyEd25519 time.Duration
	// Insert is a row of half a kilobyte with two indexes, 64 in a commit that is on the disk before the next begins.
	Insert time.Duration
}

// MeasureBare takes about three seconds. dir is for a database that is thrown away.
func MeasureBare(ctx context.Context, dir string) (b Bare, err error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return b, fmt.Errorf("bare costs: %w", err)
	}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return b, fmt.Errorf("bare costs: %w", err)
	}
	body := []byte(strings.Repeat("x", 500))
	sum := sha256.Sum256(body)
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
	if err != nil {
		return b, fmt.Errorf("bare costs: %w", err)
	}
	signed := ed25519.Sign(private, body)
	for _, m := range []struct {
		into *time.Duration
		n    int
		do   func(int) error
	}{
		{&b.SignRSA, 600, func(int) error { _, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:]); return err }},
		{&b.VerifyRSA, 6000, func(int) error { return rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, sum[:], signature) }},
		{&b.SignEd25519, 10000, func(int) error { ed25519.Sign(private, body); return nil }},
		{&b.VerifyEd25519, 6000, func(int) error { ed25519.Verify(public, body, signed); return nil }},
	} {
		if *m.into, err = each(ctx, m.n, m.do); err != nil {
			return b, fmt.Errorf("bare costs: %w", err)
		}
	}
	b.Insert, err = bareInsert(ctx, dir)
	return b, err
}

// each is the CPU time of this process per call, with every processor at work as it is when the program under watch is busy: on threads that share a
// core a call costs more than alone. Nothing else may run here meanwhile.
func each(ctx context.Context, n int, do func(i int) error) (time.Duration, error) {
	before, err := cpuOf(os.Getpid())
	if err != nil {
		return 0, err
	}
	workers := runtime.GOMAXPROCS(0)
	failed := make(chan error, workers)
	for w := range workers {
		go func() {
			for i := w; i < n; i += workers {
				if err := do(i); err != nil {
					failed <- err
					return
				}
				if i%100 == 0 && ctx.Err() != nil {
					break
				}
			}
			failed <- ctx.Err()
		}()
	}
	for range workers {
		err = errors.Join(err, <-failed)
	}
	if err != nil {
		return 0, err
	}
	after, err := cpuOf(os.Getpid())
	return (after - before) / time.Duration(n), err
}

func bareInsert(ctx context.Context, dir string) (time.Duration, error) {
	path := filepath.Join(dir, "bare.db")
	db, err := store.Open(ctx, "sqlite:"+path, store.Options{})
	if err != nil {
		return 0, err
	}
	defer os.Remove(path)
	defer db.Close()
	err = db.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, `create table bare (id bigint primary key, iri text not null unique, who bigint not null, body text not null)`); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `create index bare_who on bare (who, id)`)
		return err
	})
	if err != nil {
		return 0, err
	}
	const groups, group = 150, 64
	body := strings.Repeat("x", 450)
	cost, err := each(ctx, groups, func(g int) error {
		return db.Write(ctx, store.Promised, func(tx *store.Tx) error {
			for i := range group {
				id := g*group + i
				if _, err := tx.Exec(ctx, `insert into bare (id, iri, who, body) values ($1, $2, $3, $4)`, id, fmt.Sprintf("https://example.org/notes/%d", id), id%50, body); err != nil {
					return err
				}
			}
			return nil
		})
	})
	return cost / group, err
}
