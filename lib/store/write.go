package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
)

// Action is what an Op does.
type Action int

// The actions.
const (
	Put    Action = iota // write a document, replacing the one of that id
	Create               // write a document, refusing if there is one of that id
	Delete               // delete a document
	Update               // merge a partial document into the one of that id
)

// Op is one change of an index.
type Op struct {
	Index  string
	ID     string // empty: one is made up
	Action Action
	Source []byte // a JSON object; kept byte for byte, except of Update
	Upsert []byte // of Update: the document to write if there is none of that id
}

// Effect is what an Op changed, by Elasticsearch's name.
type Effect string

// The effects.
const (
	Created  Effect = "created"
	Updated  Effect = "updated"
	Deleted  Effect = "deleted"
	NotFound Effect = "not_found" // of Delete: there was no such document
	Noop     Effect = "noop"      // of Update: the document is like that already
)

// Outcome is what became of an Op.
type Outcome struct {
	ID      string
	UUID    string // the index's
	Effect  Effect
	Version int64 // 1 for a new document, one more each time it is replaced
	Seq     int64 // the document's number in its index, from 0
	Err     error // an *Error where the document is to blame, else what went wrong; nil is written
}

// Write writes documents, making indices from templates where needed. When it
// returns, every document whose Err is nil is on disk, past a fsync. Those of
// one index are one transaction: if the disk is full, none of them is kept.
func (s *Store) Write(ctx context.Context, ops []Op) []Outcome {
	out := make([]Outcome, len(ops))
	var order []string
	byIndex := map[string][]int{}
	for i, op := range ops {
		if byIndex[op.Index] == nil {
			order = append(order, op.Index)
		}
		byIndex[op.Index] = append(byIndex[op.Index], i)
		out[i].ID = op.ID
		if op.ID == "" {
			out[i].ID = newID()
		}
	}
	for _, name := range order {
		s.writeIndex(ctx, name, ops, out, byIndex[name])
	}
	return out
}

// newID makes up an id as Elasticsearch does: 20 characters.
func newID() string {
	var b [15]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// writeIndex writes the ops numbered in which, all of one index.
func (s *Store) writeIndex(ctx context.Context, name string, ops []Op, out []Outcome, which []int) {
	fail := func(err error) {
		for _, i := range which {
			if out[i].Err == nil {
				out[i].Err = err
			}
		}
	}
	ix, err := s.forWriting(name)
	if err != nil {
		fail(err)
		return
	}
	done, err := ix.use()
	if err != nil {
		fail(err)
		return
	}
	defer done()
	times := ix.check(ops, out, which)
	ix.writing.Lock()
	defer ix.writing.Unlock()
	if err := ix.commit(ctx, ops, out, which, times); err != nil {
		fail(fmt.Errorf("index %s: %w", name, diskError(err)))
	}
}

// check reads each document; it returns what they say in each date field.
func (ix *Index) check(ops []Op, out []Outcome, which []int) [][]span {
	dates := ix.mapping.dates()
	slot := make([]int, len(ix.mapping.fields))
	for i, f := range dates {
		slot[f.ord] = i
	}
	all := make([][]span, len(which))
	backing := make([]span, len(which)*len(dates))
	var p parser
	for n, i := range which {
		spans := backing[n*len(dates) : (n+1)*len(dates)]
		p.emit = func(f *Field, s Scalar) error {
			v, ok, err := f.convert(s)
			if ok && f.Type == Date {
				spans[slot[f.ord]].add(v.i, v.i)
			}
			return err
		}
		all[n] = spans
		out[i].UUID = ix.uuid
		p.id = out[i].ID
		if ops[i].Action > Create {
			out[i].Err = ix.about(refuse(BadArgument, "this action is not supported yet"))
			continue
		}
		if err := p.document(ops[i].Source, ix.mapping.root); err != nil {
			out[i].Err = ix.badDocument(err)
		}
	}
	return all
}

func (ix *Index) badDocument(err error) error {
	if e, ok := errors.AsType[*Error](err); ok {
		return ix.about(e)
	}
	return ix.about(&Error{Kind: BadDocument, Reason: "failed to parse: " + err.Error()})
}

// span is the range of what a date field holds; the zero span is empty.
type span struct {
	min, max int64
	some     bool
}

func (s *span) add(low, high int64) {
	if !s.some {
		*s = span{low, high, true}
		return
	}
	s.min, s.max = min(s.min, low), max(s.max, high)
}

// commit writes the documents that have no error yet.
func (ix *Index) commit(ctx context.Context, ops []Op, out []Outcome, which []int, times [][]span) error {
	tx, err := ix.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	w, err := ix.newWriter(tx)
	if err != nil {
		return err
	}
	for n, i := range which {
		if out[i].Err != nil {
			continue
		}
		if err := w.put(ops[i], &out[i], times[n]); err != nil {
			return err
		}
	}
	if err := w.finish(); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	ix.nextSeq = w.next
	ix.live.Add(w.created)
	ix.dead.Add(w.replaced)
	return nil
}

// writer is one transaction of one index.
type writer struct {
	ix                *Index
	tx                *sql.Tx
	insert, find      *sql.Stmt
	dates             []*Field
	docs              []stored // the frame being filled
	bytes             int      // in it
	dead              uint64   // which of them were replaced already
	times, all        []span   // of the frame, of the transaction
	first, next       int64    // numbers of the frame and of the next document
	created, replaced int64
}

func (ix *Index) newWriter(tx *sql.Tx) (*writer, error) {
	dates := ix.mapping.dates()
	w := &writer{ix: ix, tx: tx, dates: dates, first: ix.nextSeq, next: ix.nextSeq,
		times: make([]span, len(dates)), all: make([]span, len(dates))}
	var err error
	if w.insert, err = tx.Prepare("INSERT INTO ids VALUES (?, ?, 1) ON CONFLICT DO NOTHING"); err != nil {
		return nil, err
	}
	w.find, err = tx.Prepare("SELECT seq, version FROM ids WHERE id = ?")
	return w, err
}

// put writes one document.
func (w *writer) put(op Op, out *Outcome, times []span) error {
	key := idKey(out.ID)
	res, err := w.insert.Exec(key, w.next)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return err
	}
	out.Version, out.Effect = 1, Created
	if n == 0 {
		out.Effect = Updated
		var seq int64
		if err := w.find.QueryRow(key).Scan(&seq, &out.Version); err != nil {
			return err
		}
		if op.Action == Create {
			out.Err = w.ix.about(refuse(Conflict, "[%s]: version conflict, document already exists (current version [%d])", out.ID, out.Version))
			return nil
		}
		out.Version++
		if err := w.replace(key, seq, out.Version); err != nil {
			return err
		}
	}
	out.Seq = w.next
	return w.append(stored{out.ID, op.Source}, times)
}

// replace makes an id mean the next document rather than the one numbered seq.
func (w *writer) replace(key any, seq, version int64) error {
	w.replaced++
	w.created--
	if _, err := w.tx.Exec("UPDATE ids SET seq = ?, version = ? WHERE id = ?", w.next, version, key); err != nil {
		return err
	}
	if seq >= w.first {
		w.dead |= 1 << (seq - w.first)
		return nil
	}
	_, err := w.tx.Exec(`UPDATE frames SET dead = dead | (1 << (?1 - first))
		WHERE first = (SELECT max(first) FROM frames WHERE first <= ?1)`, seq)
	return err
}

// append puts a document into the frame.
func (w *writer) append(d stored, times []span) error {
	w.docs = append(w.docs, d)
	w.bytes += len(d.source)
	w.next++
	w.created++
	for i, t := range times {
		if t.some {
			w.times[i].add(t.min, t.max)
			w.all[i].add(t.min, t.max)
		}
	}
	if len(w.docs) == frameDocs || w.bytes >= frameBytes {
		return w.flush()
	}
	return nil
}

// flush writes the frame.
func (w *writer) flush() error {
	if len(w.docs) == 0 {
		return nil
	}
	if _, err := w.tx.Exec("INSERT INTO frames VALUES (?, ?, ?)", w.first, len(w.docs), int64(w.dead)); err != nil {
		return err
	}
	if _, err := w.tx.Exec("INSERT INTO bodies VALUES (?, ?)", w.first, packFrame(w.docs)); err != nil {
		return err
	}
	for i, t := range w.times {
		if !t.some {
			continue
		}
		if _, err := w.tx.Exec("INSERT INTO times VALUES (?, ?, ?, ?)", w.dates[i].Name, w.first, t.min, t.max); err != nil {
			return err
		}
	}
	clear(w.times)
	w.docs, w.bytes, w.dead, w.first = w.docs[:0], 0, 0, w.next
	return nil
}

// finish writes the last frame and widens the spans of the index.
func (w *writer) finish() error {
	if err := w.flush(); err != nil {
		return err
	}
	for i, t := range w.all {
		if !t.some {
			continue
		}
		if _, err := w.tx.Exec(`INSERT INTO spans VALUES (?, ?, ?)
			ON CONFLICT (field) DO UPDATE SET min = min(min, excluded.min), max = max(max, excluded.max)`, w.dates[i].Name, t.min, t.max); err != nil {
			return err
		}
	}
	return nil
}

// idKey is an id as the ids table keeps it: a UUID, which is what most are, in
// 16 bytes, others as text. The two cannot meet: SQLite tells blobs from text.
func idKey(id string) any {
	if len(id) != 36 || id[8] != '-' || id[13] != '-' || id[18] != '-' || id[23] != '-' {
		return id
	}
	digits := id[:8] + id[9:13] + id[14:18] + id[19:23] + id[24:]
	b, err := hex.DecodeString(digits)
	if err != nil || hex.EncodeToString(b) != digits { // upper case is another id
		return id
	}
	return b
}
