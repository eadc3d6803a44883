package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// Options are the settings of a store. The zero value suits most uses.
type Options struct {
	Memory      int // bytes for columns and their dictionaries, and what searches need; default 256 MiB
	SegmentDocs int // documents in a segment; default 65,536, smaller in tests
}

// maxSegmentDocs is the number of documents in a full segment. With it, ordinals
// mostly fit into 16 bits.
const maxSegmentDocs = 1 << 16

func (o Options) withDefaults() Options {
	if o.Memory <= 0 {
		o.Memory = 256 << 20
	}
	if o.SegmentDocs <= 0 || o.SegmentDocs > maxSegmentDocs {
		o.SegmentDocs = maxSegmentDocs
	}
	return o
}

// Store is one directory of indices.
type Store struct {
	dir     string
	lock    *os.File
	options Options

	cache        *cache
	vocabularies vocabularies
	wake         chan struct{} // the sealer has something to do
	stop         context.CancelFunc
	background   sync.WaitGroup

	catalog *catalog
	making  sync.Mutex // held while an index or a template is created or deleted; locked before mu
	mu      sync.RWMutex
	indices map[string]*Index
	closed  bool
}

// Open opens the store in a directory, creating it if necessary. The directory
// belongs to this process until Close; in a second process Open returns an error
// that names the first.
func Open(dir string, o Options) (*Store, error) {
	s, err := open(dir, o)
	if err != nil {
		return nil, err
	}
	var ctx context.Context
	ctx, s.stop = context.WithCancel(context.Background())
	s.background.Add(1)
	go s.sealing(ctx)
	return s, nil
}

// open opens a store without its background work.
func open(dir string, o Options) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	lock, err := lockDir(dir)
	if err != nil {
		return nil, err
	}
	o = o.withDefaults()
	s := &Store{dir: dir, lock: lock, options: o, stop: func() {}, indices: map[string]*Index{}, cache: newCache(o.Memory * 3 / 8), wake: make(chan struct{}, 1)}
	s.vocabularies = vocabularies{limit: o.Memory / 4, fields: map[string]*vocabulary{}}
	if s.catalog, err = openCatalog(dir); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	if err := s.openIndices(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// all returns all indices.
func (s *Store) all() []*Index {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Collect(maps.Values(s.indices))
}

func (s *Store) openIndices() error {
	files, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	for _, file := range files {
		name, ok := indexName(file.Name())
		if !ok {
			continue
		}
		path := filepath.Join(s.dir, file.Name())
		ix, err := s.openIndex(path, name)
		if errors.Is(err, errUnfinished) { // its creation was not acknowledged
			err = removeFiles(path)
		} else if err == nil {
			s.indices[name] = ix
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Close waits for running operations, closes all files and releases the directory.
func (s *Store) Close() error {
	s.making.Lock()
	defer s.making.Unlock()
	s.mu.Lock()
	indices, closed := s.indices, s.closed
	s.indices, s.closed = nil, true
	s.mu.Unlock()
	if closed {
		return nil
	}
	s.stop()
	s.background.Wait()
	var errs []error
	for _, ix := range indices {
		errs = append(errs, ix.close())
	}
	return errors.Join(append(errs, s.catalog.db.Close(), s.lock.Close())...)
}

// lookup returns an index, nil if no index has that name.
func (s *Store) lookup(name string) (*Index, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return nil, ErrClosed
	}
	return s.indices[name], nil
}

// find returns an index, or an error if it does not exist.
func (s *Store) find(name string) (*Index, error) {
	ix, err := s.lookup(name)
	if err == nil && ix == nil {
		err = missing(name)
	}
	return ix, err
}

// definition is the mapping and settings of a new index.
type definition struct {
	mapping  *Mapping
	settings json.RawMessage
}

// CreateIndex creates an index from a mapping and settings, which override those of
// a template that matches its name.
func (s *Store) CreateIndex(name string, mapping, settings json.RawMessage) error {
	s.making.Lock()
	defer s.making.Unlock()
	_, err := s.create(name, mapping, settings)
	return err
}

func (s *Store) create(name string, mapping, settings json.RawMessage) (*Index, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	switch ix, err := s.lookup(name); {
	case err != nil:
		return nil, err
	case ix != nil:
		return nil, ix.about(refuse(IndexExists, "index [%s/%s] already exists", name, ix.uuid))
	}
	t, _, err := s.templateFor(name)
	if err != nil {
		return nil, err
	}
	d := definition{settings: merge(t.Settings, settings)}
	if d.mapping, err = ParseMapping(merge(t.Mapping, mapping)); err != nil {
		return nil, err
	}
	ix, err := s.createIndex(filepath.Join(s.dir, fileName(name)), name, d)
	if err != nil {
		return nil, fmt.Errorf("index %s: %w", name, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.indices[name] = ix
	ix.wakeSealer() // another may not be written any more
	return ix, nil
}

// merge returns the JSON object under with the members of over added or replaced.
func merge(under, over json.RawMessage) json.RawMessage {
	a, errA := decodeObject(under)
	b, errB := decodeObject(over)
	switch {
	case len(under) == 0 || errA != nil || errB != nil:
		return over
	case len(over) == 0:
		return under
	}
	for k, v := range b {
		if old := a[k]; len(old) > 0 && old[0] == '{' && v[0] == '{' {
			v = merge(old, v)
		}
		a[k] = v
	}
	raw, _ := json.Marshal(a) // decoded JSON always encodes
	return raw
}

// forWriting returns an index. If made is set, it creates a missing one.
func (s *Store) forWriting(name string, made bool) (*Index, error) {
	if ix, err := s.lookup(name); ix != nil || err != nil {
		return ix, err
	}
	if err := checkName(name); err != nil {
		return nil, err
	}
	if !made {
		return nil, missing(name)
	}
	s.making.Lock()
	defer s.making.Unlock()
	if ix, err := s.lookup(name); ix != nil || err != nil {
		return ix, err
	}
	return s.create(name, nil, nil)
}

// DeleteIndex deletes an index and its file, after the searches that are running
// in it.
func (s *Store) DeleteIndex(name string) error {
	s.making.Lock() // keeps a new index of this name apart from the old one's files
	defer s.making.Unlock()
	ix, err := s.find(name)
	if err != nil {
		return err
	}
	s.mu.Lock()
	delete(s.indices, name)
	s.mu.Unlock()
	return ix.remove()
}

// IndicesOptions are Elasticsearch's options of the same names: what Resolve does
// about names and patterns without an index.
type IndicesOptions struct {
	IgnoreUnavailable bool // a name without an index is skipped rather than an error
	AllowNoIndices    bool // no index at all is not an error
}

// Resolve returns the names of the indices that a list such as
// "wm-recentchange-*,other" names, sorted. "" and "_all" name all.
func (s *Store) Resolve(list string, o IndicesOptions) ([]string, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return nil, ErrClosed
	}
	found := map[string]bool{}
	for pattern := range strings.SplitSeq(list, ",") {
		if pattern == "" && list == "" || pattern == "_all" {
			pattern = "*"
		}
		if strings.HasPrefix(pattern, "_") { // an unknown keyword of the API
			return nil, checkName(pattern)
		}
		if !strings.Contains(pattern, "*") && s.indices[pattern] == nil && !o.IgnoreUnavailable {
			return nil, missing(pattern)
		}
		for name := range s.indices {
			if wildcard(pattern, name) {
				found[name] = true
			}
		}
	}
	if len(found) == 0 && !o.AllowNoIndices {
		return nil, missing(list)
	}
	return slices.Sorted(maps.Keys(found)), nil
}

// Info describes an index.
func (s *Store) Info(name string) (Info, error) {
	ix, err := s.find(name)
	if err != nil {
		return Info{}, err
	}
	return ix.info(), nil
}
