package archive

import (
	"archive/zip"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/store"
	"essaim/internal/text"
)

// writer writes one copy.
type writer struct {
	*Service
	export  *store.Export
	account *store.Account
	zip     *zip.Writer
	author  *store.Actor
}

// batch is how many rows are read at once, and how often progress is told.
const batch = 200

func (w *writer) write(ctx context.Context, out io.Writer) error {
	var err error
	if w.author, err = store.ActorByID(ctx, w.DB.Read(), w.account.Actor); err != nil {
		return err
	}
	if err := w.count(ctx); err != nil {
		return err
	}
	w.zip = zip.NewWriter(out)
	for _, part := range []func(context.Context) error{w.readme, w.actor, w.own, w.outbox, w.posts, w.relations, w.pictures} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return w.zip.Close()
}

// count says how much there is to write: objects twice, as documents and as a table, and pictures.
func (w *writer) count(ctx context.Context) error {
	objects, pictures := 0, 0
	if err := w.objects(ctx, func(*store.Object) error { objects++; return nil }); err != nil {
		return err
	}
	if err := w.media(ctx, func(*store.Media) error { pictures++; return nil }); err != nil {
		return err
	}
	w.export.Done, w.export.Total = 0, max(2*objects+pictures, 1)
	return w.tell(ctx)
}

func (w *writer) tell(ctx context.Context) error {
	return w.DB.Write(ctx, store.Relaxed, func(tx *store.Tx) error { return tx.PutExport(ctx, w.export) })
}

// step counts one entry; now and then the person is told.
func (w *writer) step(ctx context.Context) error {
	w.export.Done = min(w.export.Done+1, w.export.Total)
	if w.export.Done%batch != 0 {
		return ctx.Err()
	}
	return w.tell(ctx)
}

// objects walks what the person published and still stands, oldest first, whoever it was for.
func (w *writer) objects(ctx context.Context, each func(*store.Object) error) error {
	return walk(func(after essaim.ID) ([]*store.Object, error) {
		return store.WorkAfter(ctx, w.DB.Read(), w.account.Actor, after, batch)
	}, func(o *store.Object) essaim.ID { return o.ID }, each)
}

func (w *writer) media(ctx context.Context, each func(*store.Media) error) error {
	return walk(func(after essaim.ID) ([]*store.Media, error) {
		return store.MediaBy(ctx, w.DB.Read(), w.account.Actor, after, batch)
	}, func(m *store.Media) essaim.ID { return m.ID }, each)
}

func walk[T any](page func(after essaim.ID) ([]T, error), id func(T) essaim.ID, each func(T) error) error {
	for after := essaim.ID(0); ; {
		rows, err := page(after)
		if err != nil {
			return err
		}
		for _, r := range rows {
			after = id(r)
			if err := each(r); err != nil {
				return err
			}
		}
		if len(rows) < batch {
			return nil
		}
	}
}

func (w *writer) file(name string) (io.Writer, error) {
	return w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: w.export.Created})
}

func (w *writer) table(name string, header []string, rows func(*csv.Writer) error) error {
	f, err := w.file(name)
	if err != nil {
		return err
	}
	c := csv.NewWriter(f)
	if err := c.Write(header); err != nil {
		return err
	}
	if err := rows(c); err != nil {
		return err
	}
	c.Flush()
	return c.Error()
}

// actor.json is the person's own document, as other servers know it.
func (w *writer) actor(ctx context.Context) error {
	o, err := store.ObjectByID(ctx, w.DB.Read(), w.account.Actor)
	if err != nil {
		return err
	}
	doc, err := o.Document()
	if err != nil {
		return err
	}
	f, err := w.file("actor.json")
	if err != nil {
		return err
	}
	_, err = f.Write(doc.Document())
	return err
}

// own is what only this server knows.
func (w *writer) own(ctx context.Context) error {
	drafts, err := store.DraftsOf(ctx, w.DB.Read(), w.account.ID)
	if err != nil {
		return err
	}
	type draft struct{ Form, Fields, Updated string }
	me := struct {
		Handle, Email, Role, Language, Created string
		Preferences                            store.Prefs
		Drafts                                 []draft
	}{w.author.Address(), w.account.Email, w.account.Role, w.account.Language, w.account.Created.Format(time.RFC3339), w.account.Prefs, nil}
	for _, d := range drafts {
		me.Drafts = append(me.Drafts, draft{d.Form, d.Fields, d.Updated.Format(time.RFC3339)})
	}
	body, err := json.MarshalIndent(me, "", "  ")
	if err != nil {
		return err
	}
	f, err := w.file("account.json")
	if err != nil {
		return err
	}
	_, err = f.Write(body)
	return err
}

// outbox.json is an OrderedCollection of Creates with their objects embedded, oldest first (AP §5.1), the form in which other servers take an archive in.
func (w *writer) outbox(ctx context.Context) error {
	f, err := w.file("outbox.json")
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(f, `{"@context":"https://www.w3.org/ns/activitystreams","id":"outbox.json","type":"OrderedCollection","orderedItems":[`); err != nil {
		return err
	}
	comma := ""
	err = w.objects(ctx, func(o *store.Object) error {
		if _, err := fmt.Fprintf(f, `%s{"id":%q,"type":"Create","actor":%q,"published":%q,"object":%s}`, comma, o.IRI+"#create", w.author.IRI, o.Published.Format(time.RFC3339), o.Doc); err != nil {
			return err
		}
		comma = ","
		return w.step(ctx)
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(f, "]}")
	return err
}

// posts.csv is the same for a spreadsheet.
func (w *writer) posts(ctx context.Context) error {
	visibilities := []string{"public", "unlisted", "followers", "direct"}
	return w.table("publications.csv", []string{"published", "kind", "visibility", "title", "text", "address"}, func(c *csv.Writer) error {
		return w.objects(ctx, func(o *store.Object) error {
			title := ""
			if thing := o.Thing(); thing != nil {
				title = thing.Summary("fr").Title
			}
			row := []string{o.Published.Format(time.RFC3339), o.Kind, visibilities[o.Visibility], harmless(title), harmless(text.Plain(o.HTML)), o.IRI}
			if err := c.Write(row); err != nil {
				return err
			}
			return w.step(ctx)
		})
	})
}

// harmless keeps a spreadsheet from taking a text for a formula.
func harmless(s string) string {
	if s != "" && slices.Contains([]byte("=+-@\t\r"), s[0]) {
		return "'" + s
	}
	return s
}

// relations are tables of addresses. That of who is followed is the one that other servers read to follow them anew.
func (w *writer) relations(ctx context.Context) error {
	for _, t := range []struct {
		name, header, kind string
		outward            bool
	}{
		{"following_accounts.csv", "Account address", store.RelFollow, true},
		{"followers.csv", "Account address", store.RelFollow, false},
		{"blocked_accounts.csv", "Account address", store.RelBlock, true},
		{"memberships.csv", "Account address", store.RelMember, true},
		{"likes.csv", "Address", store.RelLike, true},
		{"shares.csv", "Address", store.RelAnnounce, true},
	} {
		err := w.table(t.name, []string{t.header}, func(c *csv.Writer) error {
			return walk(func(after essaim.ID) ([]store.Tie, error) {
				return store.Ties(ctx, w.DB.Read(), t.kind, w.account.Actor, t.outward, after, batch)
			}, func(tie store.Tie) essaim.ID { return tie.ID }, func(tie store.Tie) error {
				return c.Write([]string{tie.Address})
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) pictures(ctx context.Context) error {
	return w.media(ctx, func(m *store.Media) error {
		src, name, err := w.Pictures(ctx, m.Name, m.Type)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, store.ErrNotFound) {
			return w.step(ctx) // it is being removed
		}
		if err != nil {
			return err
		}
		defer src.Close()
		f, err := w.zip.CreateHeader(&zip.FileHeader{Name: "media/" + name, Method: zip.Store, Modified: m.Created})
		if err != nil {
			return err
		}
		if _, err := io.Copy(f, src); err != nil {
			return err
		}
		return w.step(ctx)
	})
}

// readme says what is in the file.
func (w *writer) readme(context.Context) error {
	f, err := w.file("LISEZMOI.txt")
	if err != nil {
		return err
	}
	_, err = io.WriteString(f, `Copie de vos données / A copy of your data: `+w.author.Address()+"\n\n"+
		"actor.json               votre profil / your profile (ActivityStreams)\n"+
		"outbox.json              ce que vous avez publié / what you published (ActivityStreams)\n"+
		"account.json             votre compte et vos brouillons / your account and drafts\n"+
		"publications.csv         le même contenu, en tableau / the same, as a table\n"+
		"following_accounts.csv   les comptes suivis, à importer ailleurs / accounts followed, to import elsewhere\n"+
		"followers.csv, blocked_accounts.csv, memberships.csv, likes.csv, shares.csv\n"+
		"media/                   vos images / your pictures\n")
	return err
}
