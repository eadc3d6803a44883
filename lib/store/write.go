package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
)

// Action is what an Op does.
type Action int

// The actions.
const (
	Put    Action = iota // write a document, replacing the one of that id
	Create               // write a document, unless the id has one
	Delete               // delete a document
	Update               // merge a partial document into an existing one
)

// Op is one change of an index.
type Op struct {
	Index  string
	ID     string // empty: a random one is used
	Action Action
	Source []byte // a JSON object; kept byte for byte, except of Update
	Upsert []byte // of Update: the document to write if the id has none
}

// Effect is what an Op changed, by Elasticsearch's name.
type Effect string

// The effects.
const (
	Created  Effect = "created"
	Updated  Effect = "updated"
	Deleted  Effect = "deleted"
	NotFound Effect = "not_found" // of Delete: no such document
	Noop     Effect = "noop"      // of Update: the document would not change
)

// Outcome is the result of an Op.
type Outcome struct {
	ID      string
	UUID    string // of the index
	Effect  Effect
	Version int64 // 1 for a new document, incremented on each replacement
	Seq     int64 // the document's number in its index, from 0
	Err     error // nil if the op succeeded; an *Error if the document is at fault
}

// Write writes documents. It creates missing indices from templates. When it
// returns, every document whose Err is nil is durable on disk. Those of one index
// form one transaction: if the disk is full, none of them is stored.
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

// newID returns a random id of 20 characters, as Elasticsearch makes them.
func newID() string {
	var b [15]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// writeIndex writes the ops whose indices are in which, all of one index.
func (s *Store) writeIndex(ctx context.Context, name string, ops []Op, out []Outcome, which []int) {
	fail := func(err error) {
		for _, i := range which {
			if out[i].Err == nil {
				out[i].Err = err
			}
		}
	}
	ix, err := s.forWriting(name, slices.ContainsFunc(which, func(i int) bool { return ops[i].Action != Delete }))
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
	docs := ix.prepare(ops, out, which)
	if err := ix.awaitSealer(ctx); err != nil {
		fail(err)
		return
	}
	if err := ix.commit(ctx, ops, out, which, docs); err != nil {
		fail(fmt.Errorf("index %s: %w", name, diskError(err)))
	}
}

// awaitSealer waits while too many tails are pending, unless sealing fails.
func (ix *Index) awaitSealer(ctx context.Context) error {
	if len(ix.view.Load().parts) <= maxPending || len(ix.pending()) <= maxPending {
		return nil
	}
	ix.wakeSealer()
	_, err := ix.awaitNews(ctx, func(*view) bool { return len(ix.pending()) <= maxPending })
	if ctx.Err() != nil {
		return err
	}
	return nil
}

// prepare reads each document before the index is locked, except for updates, which
// depend on existing documents.
func (ix *Index) prepare(ops []Op, out []Outcome, which []int) []prepared {
	docs := make([]prepared, len(which))
	r := ix.newReader()
	r.parser.unknown = r.unknown
	for n, i := range which {
		out[i].UUID = ix.uuid
		if a := ops[i].Action; a == Put || a == Create {
			docs[n], out[i].Err = ix.prepareOne(r, out[i].ID, ops[i].Source)
		}
		if n == 0 { // the documents of one call are mostly alike
			r.entries = slices.Grow(r.entries, len(r.entries)*len(which))
		}
	}
	return docs
}

// prepareOne reads one document and lets the mapping grow.
func (ix *Index) prepareOne(r *reader, id string, source []byte) (prepared, error) {
	r.grows = 0
	d, err := ix.readOne(r, id, source)
	if err == nil && r.grows > 0 {
		r.entries = r.entries[:len(r.entries)-len(d.entries)]
		return ix.prepareGrowing(r, id, source)
	}
	return d, err
}

func (ix *Index) readOne(r *reader, id string, source []byte) (prepared, error) {
	start := len(r.entries)
	if err := r.read(id, source); err != nil {
		r.entries = r.entries[:start]
		return prepared{}, ix.badDocument(err)
	}
	return prepared{source, r.entries[start:len(r.entries):len(r.entries)]}, nil
}

func (ix *Index) badDocument(err error) error {
	if e, ok := errors.AsType[*Error](err); ok {
		return ix.about(e)
	}
	return ix.about(&Error{Kind: BadDocument, Reason: "failed to parse: " + err.Error()})
}

// commit writes the documents that have no error yet and makes them visible.
func (ix *Index) commit(ctx context.Context, ops []Op, out []Outcome, which []int, docs []prepared) error {
	ix.writing.Lock()
	unlock := ix.writing.Unlock
	defer func() { unlock() }()
	w, err := ix.transact(ctx, ops, out, which, docs)
	if err != nil {
		return err
	}
	// The next transaction may begin while this one is made visible, but only once
	// it is certain to be made visible first.
	ix.applying.Lock()
	ix.writing.Unlock()
	unlock = ix.applying.Unlock
	ix.apply(w.written, w.killed)
	return nil
}

// transact runs the transaction of one call.
func (ix *Index) transact(ctx context.Context, ops []Op, out []Outcome, which []int, docs []prepared) (*writer, error) {
	tx, err := ix.write.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	w, err := ix.newWriter(tx)
	if err != nil {
		return nil, err
	}
	for n, i := range which {
		if out[i].Err != nil {
			continue
		}
		if err := w.do(ctx, ops[i], &out[i], docs[n]); err != nil {
			return nil, err
		}
	}
	if err := w.flush(); err != nil {
		return nil, err
	}
	mapping := ix.mapping.Load()
	if mapping != ix.saved {
		if _, err := tx.Exec("UPDATE meta SET value = ? WHERE key = 'mapping'", string(mapping.raw)); err != nil {
			return nil, err
		}
	}
	if err := tx.Commit(); err != nil {
		return nil, err
	}
	ix.saved, ix.nextSeq = mapping, w.next
	ix.live.Add(int64(len(w.written) - len(w.killed)))
	ix.dead.Add(int64(len(w.killed)))
	return w, nil
}

// writer is one transaction of one index.
type writer struct {
	ix           *Index
	tx           *sql.Tx
	insert, find *sql.Stmt
	docs         []stored // the frame being filled
	bytes        int      // in it
	dead         uint64   // bits of those that are already dead
	first, next  int64    // numbers of the frame and of the next document
	written      []prepared
	killed       []int64 // documents that were replaced or deleted
}

func (ix *Index) newWriter(tx *sql.Tx) (*writer, error) {
	w := &writer{ix: ix, tx: tx, first: ix.nextSeq, next: ix.nextSeq}
	var err error
	if w.insert, err = tx.Prepare("INSERT INTO ids VALUES (?, ?, 1) ON CONFLICT DO NOTHING"); err != nil {
		return nil, err
	}
	w.find, err = tx.Prepare("SELECT seq, version FROM ids WHERE id = ?")
	return w, err
}

// do executes one op.
func (w *writer) do(ctx context.Context, op Op, out *Outcome, d prepared) error {
	switch op.Action {
	case Delete:
		return w.delete(out)
	case Update:
		return w.update(ctx, op, out)
	}
	return w.put(op.Action, out, d)
}

// put writes one document.
func (w *writer) put(action Action, out *Outcome, d prepared) error {
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
		seq, version, _, err := w.lookup(key)
		if err != nil {
			return err
		}
		out.Version, out.Effect = version+1, Updated
		if action == Create {
			out.Version = version
			out.Err = w.ix.about(refuse(Conflict, "[%s]: version conflict, document already exists (current version [%d])", out.ID, version))
			return nil
		}
		if _, err := w.tx.Exec("UPDATE ids SET seq = ?, version = ? WHERE id = ?", w.next, out.Version, key); err != nil {
			return err
		}
		if err := w.kill(seq); err != nil {
			return err
		}
	}
	out.Seq = w.next
	return w.append(out.ID, d)
}

// lookup returns the number and version of the document of an id.
func (w *writer) lookup(key any) (seq, version int64, found bool, err error) {
	err = w.find.QueryRow(key).Scan(&seq, &version)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, 0, false, nil
	}
	return seq, version, err == nil, err
}

// kill marks a document dead.
func (w *writer) kill(seq int64) error {
	w.killed = append(w.killed, seq)
	if seq >= w.first {
		w.dead |= 1 << (seq - w.first)
		return nil
	}
	_, err := w.tx.Exec(`UPDATE frames SET dead = dead | (1 << (?1 - first))
		WHERE first = (SELECT max(first) FROM frames WHERE first <= ?1)`, seq)
	return err
}

// delete deletes the document of an id.
func (w *writer) delete(out *Outcome) error {
	key := idKey(out.ID)
	seq, version, found, err := w.lookup(key)
	if err != nil {
		return err
	}
	out.Version, out.Effect, out.Seq = 1, NotFound, w.next
	if !found {
		return nil
	}
	out.Version, out.Effect = version+1, Deleted
	if _, err := w.tx.Exec("DELETE FROM ids WHERE id = ?", key); err != nil {
		return err
	}
	return w.kill(seq)
}

// append adds a document to the frame.
func (w *writer) append(id string, d prepared) error {
	w.docs = append(w.docs, stored{id, d.source})
	w.written = append(w.written, d)
	w.bytes += len(d.source)
	w.next++
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
	w.docs, w.bytes, w.dead, w.first = w.docs[:0], 0, 0, w.next
	return nil
}

// idKey is an id as the ids table keeps it: a UUID, which is what most are, in
// 16 bytes, others as text. The two never collide: SQLite keeps blobs apart from text.
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
