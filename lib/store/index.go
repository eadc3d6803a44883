package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// formatVersion is the version of the file format that doc.go describes.
const formatVersion = 2

const schema = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE ids (id PRIMARY KEY, seq INTEGER NOT NULL, version INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE frames (first INTEGER PRIMARY KEY, docs INTEGER NOT NULL, dead INTEGER NOT NULL);
CREATE TABLE bodies (first INTEGER PRIMARY KEY, body BLOB NOT NULL);
` + segmentTables

const segmentTables = `
CREATE TABLE segments (first INTEGER PRIMARY KEY, docs INTEGER NOT NULL, sum INTEGER NOT NULL, directory BLOB NOT NULL);
CREATE TABLE blocks (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
`

// upgrade upgrades a file from format 1, which had no segments, to format 2.
const upgrade = segmentTables + `
DROP TABLE times;
DROP TABLE spans;
UPDATE meta SET value = '2' WHERE key = 'format';
`

// Index is one index: one file, one writer at a time, any number of readers.
type Index struct {
	name, uuid string
	created    int64 // ms
	settings   json.RawMessage
	path       string
	options    Options
	mapping    atomic.Pointer[Mapping]
	write      *sql.DB // one connection
	read       *sql.DB
	blocks     *blocks
	wake       chan struct{} // of the store's sealer

	inUse sync.RWMutex // read-locked by every operation, locked to close the index
	gone  bool         // under inUse: closed or deleted

	extending sync.Mutex // held while the mapping is extended
	writing   sync.Mutex // held during a transaction; taken before applying
	nextSeq   int64      // under writing
	saved     *Mapping   // the mapping in the file; under writing

	applying  sync.Mutex // held while the view changes
	tail      *tail      // under applying
	view      atomic.Pointer[view]
	news      chan struct{} // closed when a part was read or sealed; under applying
	trouble   error         // why parts cannot be read or sealed; under applying
	written   atomic.Int64  // time of the last write, ms
	sealing   sync.Mutex
	repairing sync.Mutex

	live atomic.Int64 // documents
	dead atomic.Int64 // documents that were replaced or deleted
}

// createIndex creates the file of a new index.
func (s *Store) createIndex(path, name string, d definition) (*Index, error) {
	ix, err := s.openFiles(path)
	if err != nil {
		return nil, err
	}
	ix.name, ix.uuid, ix.created, ix.settings = name, newUUID(), time.Now().UnixMilli(), d.settings
	ix.mapping.Store(d.mapping)
	ix.saved = d.mapping
	if err := errors.Join(ix.initialise(), syncDir(filepath.Dir(path))); err != nil {
		return nil, errors.Join(err, ix.remove())
	}
	return ix, nil
}

// initialise writes schema and meta in one transaction, so that a file without
// tables is known to be unfinished.
func (ix *Index) initialise() error {
	return ix.transaction(context.Background(), func(tx *sql.Tx) error {
		if _, err := tx.Exec(schema); err != nil {
			return err
		}
		for key, v := range map[string]string{
			"format": strconv.Itoa(formatVersion), "name": ix.name, "uuid": ix.uuid, "created": strconv.FormatInt(ix.created, 10),
			"mapping": string(ix.saved.raw), "settings": string(ix.settings),
		} {
			if _, err := tx.Exec("INSERT INTO meta VALUES (?, ?)", key, v); err != nil {
				return err
			}
		}
		return nil
	})
}

// errUnfinished reports a file whose creation was interrupted.
var errUnfinished = errors.New("unfinished")

// openIndex opens the file of an index.
func (s *Store) openIndex(path, name string) (*Index, error) {
	ix, err := s.openFiles(path)
	if err != nil {
		return nil, err
	}
	ix.name = name
	if err := ix.load(); err != nil {
		ix.close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return ix, nil
}

// openFiles opens a writer and readers. Connections that idle are closed, so
// that a hundred days of indices cost nothing while idle.
func (s *Store) openFiles(path string) (*Index, error) {
	write, err := openDB(path, "_txlock=immediate", "_pragma=cache_size(-16000)")
	if err != nil {
		return nil, err
	}
	write.SetMaxOpenConns(1)
	read, err := openDB(path, "_pragma=query_only(1)", "_pragma=cache_size(-1000)")
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	read.SetMaxOpenConns(8)
	read.SetMaxIdleConns(2)
	ix := &Index{path: path, write: write, read: read, options: s.options, wake: s.wake,
		blocks: &blocks{db: read, cache: s.cache}, tail: newTail(0), news: make(chan struct{})}
	ix.view.Store(&view{})
	return ix, nil
}

// load reads the metadata of the file.
func (ix *Index) load() error {
	meta, err := readMeta(ix.write)
	if err != nil {
		return err
	}
	switch v := meta["format"]; v {
	case strconv.Itoa(formatVersion):
	case "1":
		if err := ix.upgrade(); err != nil {
			return err
		}
	default:
		return fmt.Errorf("file format %s, this wm-store reads %d", v, formatVersion)
	}
	if meta["name"] != ix.name {
		return fmt.Errorf("holds the index %s", meta["name"])
	}
	m, err := ParseMapping(json.RawMessage(meta["mapping"]))
	if err != nil {
		return err
	}
	ix.mapping.Store(m)
	ix.saved = m
	ix.uuid, ix.settings = meta["uuid"], json.RawMessage(meta["settings"])
	ix.created, _ = strconv.ParseInt(meta["created"], 10, 64)
	return ix.loadParts(context.Background())
}

func (ix *Index) upgrade() error {
	return ix.transaction(context.Background(), func(tx *sql.Tx) error {
		_, err := tx.Exec(upgrade)
		return err
	})
}

// readMeta reads the meta table.
func readMeta(db *sql.DB) (map[string]string, error) {
	var tables int
	if err := db.QueryRow("SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
		return nil, err
	}
	if tables == 0 {
		return nil, errUnfinished
	}
	meta := map[string]string{}
	return meta, eachRow(context.Background(), db, "SELECT key, value FROM meta", nil, func(scan row) error {
		var k, v string
		err := scan(&k, &v)
		meta[k] = v
		return err
	})
}

// use keeps the index open until done is called. It fails if the index is closed or
// deleted.
func (ix *Index) use() (done func(), err error) {
	ix.inUse.RLock()
	if ix.gone {
		ix.inUse.RUnlock()
		return nil, missing(ix.name)
	}
	return ix.inUse.RUnlock, nil
}

// close waits for running operations and closes the file.
func (ix *Index) close() error {
	ix.inUse.Lock()
	defer ix.inUse.Unlock()
	ix.gone = true
	ix.blocks.cache.forget(ix.blocks)
	return errors.Join(ix.read.Close(), ix.write.Close())
}

// remove closes the index and deletes its files. It deletes the write-ahead log
// first: a leftover log would be applied to a later index of the same name.
func (ix *Index) remove() error {
	ix.close() // an error does not matter: the data is deleted
	return removeFiles(ix.path)
}

func removeFiles(path string) error {
	for _, suffix := range []string{"-wal", "-shm", ""} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return syncDir(filepath.Dir(path))
}

// Info describes an index.
type Info struct {
	Name, UUID string
	Created    time.Time
	Docs       int64 // documents
	Deleted    int64 // replaced or deleted documents, which still take space
	Bytes      int64 // on disk
	Mapping    json.RawMessage
	Settings   json.RawMessage
}

func (ix *Index) info() Info {
	info := Info{Name: ix.name, UUID: ix.uuid, Created: time.UnixMilli(ix.created), Docs: ix.live.Load(), Deleted: ix.dead.Load(),
		Mapping: ix.mapping.Load().raw, Settings: ix.settings}
	for _, suffix := range []string{"", "-wal"} {
		if st, err := os.Stat(ix.path + suffix); err == nil {
			info.Bytes += st.Size()
		}
	}
	return info
}

func newUUID() string {
	var b [16]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// snapshot begins a read transaction.
func (ix *Index) snapshot(ctx context.Context) (*sql.Tx, error) {
	return ix.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
}
