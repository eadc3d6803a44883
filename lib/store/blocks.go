package store

import (
	"container/list"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/crc32"
	"sync"
)

// blocks reads the blocks of an index's segments through the store's cache.
type blocks struct {
	db    querier
	cache *cache
}

// cached is a decoded block.
type cached interface{ bytes() int }

func (b *blocks) values(info *columnInfo) (*column, error) {
	return load(b, info.values, func(d *decoding) *column { return d.column() })
}

func (b *blocks) terms(info *columnInfo) (*dict, error) {
	return load(b, info.terms, func(d *decoding) *dict { return d.dict(&info.key) })
}

// rawBlock is a block that needs no decoding.
type rawBlock []byte

func (r rawBlock) bytes() int { return len(r) }

// tokenTable holds the tokens of a text field and the ends of their postings.
type tokenTable struct {
	dict *dict
	ends []uint32
}

func (t *tokenTable) bytes() int { return t.dict.bytes() + 4*len(t.ends) }

func (b *blocks) text(info *columnInfo) (*text, error) {
	table, err := load(b, info.terms, func(d *decoding) *tokenTable {
		t := &tokenTable{dict: d.dict(&info.key)}
		lengths := d.numbers()
		if lengths.n != t.dict.len() {
			d.fail()
		}
		end := int64(0)
		for i := 0; i < lengths.n && d.err == nil; i++ {
			n := lengths.at(i)
			if end += n; n < 0 || end > maxValues*8 {
				d.fail()
			}
			t.ends = append(t.ends, uint32(end))
		}
		return t
	})
	if err != nil {
		return nil, err
	}
	t := &text{tokens: table.dict, ends: table.ends, docs: info.docs, total: info.total}
	for _, ref := range info.postings {
		t.chunks = append(t.chunks, chunk{ref.end, func() ([]byte, error) {
			raw, err := load(b, ref.blockRef, func(d *decoding) rawBlock { return d.take(len(d.rest)) })
			return raw, err
		}})
	}
	return t, nil
}

// load returns a block from the cache, or reads, checks and decodes it.
func load[T cached](b *blocks, ref blockRef, decode func(*decoding) T) (T, error) {
	got, err := b.cache.get(cacheKey{b, ref}, func() (cached, error) {
		raw, err := b.read(ref)
		if err != nil {
			return nil, err
		}
		d := decoding{rest: raw}
		v := decode(&d)
		return v, d.end()
	})
	if err != nil {
		var none T
		return none, err
	}
	return got.(T), nil
}

// read reads a block and verifies its checksum.
func (b *blocks) read(ref blockRef) ([]byte, error) {
	var body []byte
	err := b.db.QueryRowContext(context.Background(), "SELECT body FROM blocks WHERE id = ?", ref.row).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("%w: block %d is missing", errSegment, ref.row)
	}
	if err != nil {
		return nil, err
	}
	raw, err := decoder().DecodeAll(body, make([]byte, 0, min(ref.length, maxValues)))
	if err != nil || len(raw) != int(ref.length) || crc32.Checksum(raw, castagnoli) != ref.sum {
		return nil, fmt.Errorf("%w: checksum of block %d", errSegment, ref.row)
	}
	return raw, nil
}

// cache keeps decoded blocks up to a memory limit and evicts the least recently
// used.
type cache struct {
	mu    sync.Mutex
	limit int
	size  int
	items map[cacheKey]*list.Element
	order *list.List // most recent first
}

type cacheKey struct {
	of *blocks
	blockRef
}

type cacheItem struct {
	key   cacheKey
	once  sync.Once
	value cached
	err   error
	size  int
}

func newCache(limit int) *cache {
	return &cache{limit: limit, items: map[cacheKey]*list.Element{}, order: list.New()}
}

// get returns an item. If it is missing, one of the callers makes it and the others
// wait.
func (c *cache) get(key cacheKey, make func() (cached, error)) (cached, error) {
	item := c.item(key)
	item.once.Do(func() {
		if item.value, item.err = make(); item.err != nil {
			c.drop(key)
			return
		}
		c.added(item, item.value.bytes())
	})
	return item.value, item.err
}

func (c *cache) item(key cacheKey) *cacheItem {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.items[key]; e != nil {
		c.order.MoveToFront(e)
		return e.Value.(*cacheItem)
	}
	item := &cacheItem{key: key}
	c.items[key] = c.order.PushFront(item)
	return item
}

// added accounts for a new item and evicts others if the limit is exceeded.
func (c *cache) added(item *cacheItem, size int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.items[item.key] == nil {
		return // evicted in the meantime
	}
	item.size = size
	c.size += size
	for e := c.order.Back(); e != nil && c.size > c.limit; {
		before := e.Prev()
		if old := e.Value.(*cacheItem); old.size > 0 && old != item {
			c.remove(e)
		}
		e = before
	}
}

func (c *cache) remove(e *list.Element) {
	item := c.order.Remove(e).(*cacheItem)
	delete(c.items, item.key)
	c.size -= item.size
}

func (c *cache) drop(key cacheKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.items[key]; e != nil {
		c.remove(e)
	}
}

// forget drops the blocks of one index.
func (c *cache) forget(of *blocks) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key, e := range c.items {
		if key.of == of {
			c.remove(e)
		}
	}
}
