package store

import (
	"sync"
	"time"
)

// vocabulary numbers the values of a keyword field across all segments, tails and
// indices of a store ("global ordinals"), so that counts add up without comparing
// strings. It grows with each new dictionary.
type vocabulary struct {
	mu    sync.Mutex
	words *lexicon
	maps  map[*dictKey][]uint32 // by ordinal of that dictionary
}

func newVocabulary() *vocabulary {
	return &vocabulary{words: newLexicon(), maps: map[*dictKey][]uint32{}}
}

// of returns the numbers of the strings of a dictionary, by ordinal.
func (v *vocabulary) of(d *dict) []uint32 {
	v.mu.Lock()
	defer v.mu.Unlock()
	m := v.maps[d.key]
	for i := len(m); i < d.len(); i++ {
		m = append(m, v.words.add(d.at(uint32(i))))
	}
	v.maps[d.key] = m
	return m[:d.len()]
}

// known is of for a dictionary that has been met and does not grow; nil is
// another.
func (v *vocabulary) known(key *dictKey) []uint32 {
	if key == nil {
		return nil
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.maps[key]
}

// number returns the number of a string.
func (v *vocabulary) number(s string) uint32 {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.words.add([]byte(s))
}

// view returns the current strings by number.
func (v *vocabulary) view() *dict {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.words.view()
}

func (v *vocabulary) bytes() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	n := v.words.bytes()
	for _, m := range v.maps {
		n += 4 * len(m)
	}
	return n
}

// vocabularies are the vocabularies of a store by field. All are dropped when
// they exceed their share of memory; that also frees the words of deleted
// indices.
type vocabularies struct {
	mu     sync.Mutex
	limit  int
	fields map[string]*vocabulary
	began  time.Time // when they were last dropped
}

// vocabulariesLast is how long vocabularies last that are too large: searches that
// need them would rebuild them at once.
const vocabulariesLast = 10 * time.Minute

func (vs *vocabularies) of(field string) *vocabulary {
	vs.mu.Lock()
	defer vs.mu.Unlock()
	v := vs.fields[field]
	if v == nil {
		v = newVocabulary()
		vs.fields[field] = v
	}
	return v
}

// trim drops the vocabularies if they are too large. Running searches keep theirs.
func (vs *vocabularies) trim() {
	vs.mu.Lock()
	defer vs.mu.Unlock()
	n := 0
	for _, v := range vs.fields {
		n += v.bytes()
	}
	if n > vs.limit && time.Since(vs.began) > vocabulariesLast {
		clear(vs.fields)
		vs.began = time.Now()
	}
}

func (vs *vocabularies) bytes() (n int) {
	vs.mu.Lock()
	defer vs.mu.Unlock()
	for _, v := range vs.fields {
		n += v.bytes()
	}
	return n
}
