package store

import (
	"context"
	"database/sql"
	"time"

	"essaim/internal/essaim"
)

// Media is a picture uploaded here. Until something that shows it is published, Object is 0 and nobody but its owner knows of it.
type Media struct {
	ID, Owner, Object essaim.ID
	Name              string // random stem of the files and of the address
	Type              string // image/jpeg, image/png
	Width, Height     int    // of the large file, in pixels
	Blurhash, Alt     string
	Decorative        bool  // it says nothing, so that Alt is rightly empty
	Bytes             int64 // of all its files
	Created           time.Time
}

// Described tells whether the picture has a text alternative, or needs none. What is not described is not published.
func (m *Media) Described() bool { return m.Alt != "" || m.Decorative }

const mediaColumns = `m.id, m.owner, m.object, m.name, m.type, m.width, m.height, m.blurhash, m.alt, m.decorative, m.bytes, m.created`

func scanMedia(s scanner) (*Media, error) {
	var m Media
	var object sql.NullInt64
	var created int64
	if err := s.Scan(&m.ID, &m.Owner, &object, &m.Name, &m.Type, &m.Width, &m.Height, &m.Blurhash, &m.Alt, &m.Decorative, &m.Bytes, &created); err != nil {
		return nil, err
	}
	m.Object, m.Created = essaim.ID(object.Int64), at(created)
	return &m, nil
}

// MediaByName finds a picture by the stem of its files, or ErrNotFound.
func MediaByName(ctx context.Context, q Q, name string) (*Media, error) {
	return one(ctx, q, scanMedia, `select `+mediaColumns+` from media m where m.name = $1`, name)
}

// MediaOf lists the pictures that an object shows, the oldest first.
func MediaOf(ctx context.Context, q Q, object essaim.ID) ([]*Media, error) {
	return many(ctx, q, scanMedia, `select `+mediaColumns+` from media m where m.object = $1 order by m.id`, int64(object))
}

// MediaBy lists the pictures an actor uploaded, attached or not, after a row; for the export of what is theirs.
func MediaBy(ctx context.Context, q Q, owner, after essaim.ID, limit int) ([]*Media, error) {
	return many(ctx, q, scanMedia, `select `+mediaColumns+` from media m where m.owner = $1 and m.id > $2 order by m.id limit $3`, int64(owner), int64(after), limit)
}

// CountWaitingMedia counts the pictures of an owner that nothing shows yet.
func CountWaitingMedia(ctx context.Context, q Q, owner essaim.ID) (int64, error) {
	return one(ctx, q, scanInt, `select count(*) from media m where m.owner = $1 and m.object is null`, int64(owner))
}

// InsertMedia adds a picture whose files are on the disk.
func (tx *Tx) InsertMedia(ctx context.Context, m *Media) error {
	_, err := tx.Exec(ctx, `insert into media (id, owner, object, name, type, width, height, blurhash, alt, decorative, bytes, created)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		int64(m.ID), int64(m.Owner), null(m.Object), m.Name, m.Type, m.Width, m.Height, m.Blurhash, m.Alt, m.Decorative, m.Bytes, ms(m.Created))
	return err
}

// DescribeMedia sets the text alternative of a picture of an owner; false when there is no such picture.
func (tx *Tx) DescribeMedia(ctx context.Context, owner essaim.ID, name, alt string, decorative bool) (bool, error) {
	n, err := tx.Exec(ctx, `update media set alt = $3, decorative = $4 where owner = $1 and name = $2`, int64(owner), name, alt, decorative)
	return n == 1, err
}

// AttachMedia gives a picture to the object that shows it; false when another object has it.
func (tx *Tx) AttachMedia(ctx context.Context, name string, object essaim.ID) (bool, error) {
	n, err := tx.Exec(ctx, `update media set object = $2 where name = $1 and (object is null or object = $2)`, name, int64(object))
	return n == 1, err
}

// DropMedia removes the row of a picture, whose files the caller then has erased.
func (tx *Tx) DropMedia(ctx context.Context, name string) error {
	_, err := tx.Exec(ctx, `delete from media where name = $1`, name)
	return err
}

// DropWaitingMedia removes up to limit pictures that were uploaded before a moment and that nothing shows, and returns their names.
func (tx *Tx) DropWaitingMedia(ctx context.Context, before time.Time, limit int) ([]string, error) {
	return many(ctx, tx, scanText, `delete from media where id in (select id from media where object is null and created < $1 order by created limit $2) returning name`,
		ms(before), limit)
}
