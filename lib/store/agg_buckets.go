package store

import "math/bits"

// bucketer numbers the buckets of an aggregation, one for each pair of a bucket of
// the enclosing aggregation and a key, and counts their documents.
type bucketer struct {
	parents []uint32 // by bucket
	keys    []int64
	docs    []int64
	direct  []uint32   // bucket + 1 by key, of small keys in parent 0
	table   []uint32   // bucket + 1 by hash, of all others
	hashed  int        // how many are in table
	grouped [][]uint32 // buckets by parent, made at the end
}

// directKeys is the bound below which keys may use direct.
const directKeys = 1 << 22

func (b *bucketer) len() int { return len(b.keys) }

// bucket returns the bucket of a parent and a key.
func (b *bucketer) bucket(parent uint32, key int64) uint32 {
	if parent == 0 && key >= 0 && key < directKeys {
		for int64(len(b.direct)) <= key {
			b.direct = append(b.direct, make([]uint32, max(64, len(b.direct)))...)
		}
		if b.direct[key] == 0 {
			b.direct[key] = b.add(parent, key)
		}
		return b.direct[key] - 1
	}
	if 4*b.hashed >= 3*len(b.table) {
		b.grow()
	}
	mask := uint32(len(b.table) - 1)
	for i := hashKey(parent, key) & mask; ; i = (i + 1) & mask {
		k := b.table[i]
		if k == 0 {
			b.hashed++
			b.table[i] = b.add(parent, key)
			return b.table[i] - 1
		}
		if b.keys[k-1] == key && b.parents[k-1] == parent {
			return k - 1
		}
	}
}

// add adds a bucket and returns its number + 1.
func (b *bucketer) add(parent uint32, key int64) uint32 {
	b.parents, b.keys, b.docs = append(b.parents, parent), append(b.keys, key), append(b.docs, 0)
	return uint32(len(b.keys))
}

func (b *bucketer) grow() {
	old := b.table
	b.table = make([]uint32, max(64, 2*len(old)))
	mask := uint32(len(b.table) - 1)
	for _, k := range old {
		if k == 0 {
			continue
		}
		i := hashKey(b.parents[k-1], b.keys[k-1]) & mask
		for b.table[i] != 0 {
			i = (i + 1) & mask
		}
		b.table[i] = k
	}
}

func hashKey(parent uint32, key int64) uint32 {
	high, low := bits.Mul64(uint64(key)^uint64(parent)<<40, 0x9e3779b97f4a7c15)
	return uint32(high ^ low>>32 ^ low)
}

// assign counts documents, each under one of n keys, which are given by slot. It
// returns the documents with their buckets. If several is set, a document may have
// a key twice, which counts once.
func (b *bucketer) assign(s selection, slots []uint32, n int, key func(slot uint32) int64, several bool) selection {
	out := selection{docs: s.docs, buckets: make([]uint32, len(slots))}
	parents := max(1, s.parents)
	var known []uint32
	if size := parents * n; size <= max(1<<16, 4*len(slots)) {
		known = make([]uint32, size)
	}
	for i, slot := range slots {
		parent := s.bucket(i)
		if known == nil {
			out.buckets[i] = b.bucket(parent, key(slot))
			continue
		}
		k := &known[int(parent)*n+int(slot)]
		if *k == 0 {
			*k = b.bucket(parent, key(slot)) + 1
		}
		out.buckets[i] = *k - 1
	}
	if several {
		out = out.distinct(s)
	}
	for _, k := range out.buckets {
		b.docs[k]++
	}
	out.parents = b.len()
	return out
}

// distinct drops entries that repeat the previous one: the same document in the
// same bucket of the same parent.
func (s selection) distinct(from selection) selection {
	out := selection{parents: s.parents}
	for i, d := range s.docs {
		if i > 0 && d == s.docs[i-1] && s.buckets[i] == s.buckets[i-1] && from.bucket(i) == from.bucket(i-1) {
			continue
		}
		out.docs, out.buckets = append(out.docs, d), append(out.buckets, s.buckets[i])
	}
	return out
}

// of returns the buckets of a parent.
func (b *bucketer) of(parent uint32) []uint32 {
	if b.grouped == nil {
		for k, p := range b.parents {
			for int(p) >= len(b.grouped) {
				b.grouped = append(b.grouped, nil)
			}
			b.grouped[p] = append(b.grouped[p], uint32(k))
		}
	}
	if int(parent) >= len(b.grouped) {
		return nil
	}
	return b.grouped[parent]
}
