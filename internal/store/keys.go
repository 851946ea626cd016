package store

import (
	"context"
	"time"
)

// Key is a row of keys: a remote public key in the cache, or one of ours with its private half.
type Key struct {
	ID, Owner        string
	Algorithm        string // rsa, ed25519
	Public, Private  string // PEM, or multibase for an Ed25519 public key; PKCS#8 PEM
	Created, Retired time.Time
}

// Algorithms of keys.
const (
	RSA     = "rsa"
	Ed25519 = "ed25519"
)

const keyColumns = `k.id, k.owner, k.algorithm, k.public, k.private, k.created, k.retired`

func scanKey(s scanner) (*Key, error) {
	var k Key
	var created, retired int64
	if err := s.Scan(&k.ID, &k.Owner, &k.Algorithm, &k.Public, &k.Private, &created, &retired); err != nil {
		return nil, err
	}
	k.Created, k.Retired = at(created), at(retired)
	return &k, nil
}

// KeyByID finds a key by its id, or ErrNotFound.
func KeyByID(ctx context.Context, q Q, id string) (*Key, error) {
	return one(ctx, q, scanKey, `select `+keyColumns+` from keys k where k.id = $1`, id)
}

// KeysOf lists the keys of an actor that are in use, oldest first.
func KeysOf(ctx context.Context, q Q, owner string) ([]*Key, error) {
	return many(ctx, q, scanKey, `select `+keyColumns+` from keys k where k.owner = $1 and k.retired = 0 order by k.created, k.id`, owner)
}

// SigningKey finds the private key of an algorithm an actor signs with now; one retired less than a week ago still signs a Delete (K6).
func SigningKey(ctx context.Context, q Q, owner, algorithm string) (*Key, error) {
	return one(ctx, q, scanKey, `select `+keyColumns+` from keys k where k.owner = $1 and k.algorithm = $2 and k.private <> '' order by k.retired, k.created desc limit 1`, owner, algorithm)
}

// PutKey adds a key or replaces what is known of it.
func (tx *Tx) PutKey(ctx context.Context, k *Key) error {
	_, err := tx.Exec(ctx, `insert into keys (id, owner, algorithm, public, private, created, retired) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (id) do update set owner = excluded.owner, algorithm = excluded.algorithm, public = excluded.public, created = excluded.created`,
		k.ID, k.Owner, k.Algorithm, k.Public, k.Private, ms(k.Created), ms(k.Retired))
	return err
}

// DropRemoteKeys forgets the keys of a remote actor before those of its new document are put: what its document no longer lists is not believed.
func (tx *Tx) DropRemoteKeys(ctx context.Context, owner string) error {
	_, err := tx.Exec(ctx, `delete from keys where owner = $1 and private = ''`, owner)
	return err
}

// RetireKeys takes an actor's own keys out of use: they go on signing its Delete for a week (K6).
func (tx *Tx) RetireKeys(ctx context.Context, owner string, now time.Time) error {
	_, err := tx.Exec(ctx, `update keys set retired = $2 where owner = $1 and private <> '' and retired = 0`, owner, ms(now))
	return err
}
