package simulate

import (
	"math"
	"math/rand/v2"
	"slices"
)

// dice is the generator's only source of chance, so that a seed decides
// everything.
type dice struct {
	*rand.Rand
}

func newDice(seed uint64) dice {
	return dice{rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))}
}

// chance returns true with a probability in percent.
func (d dice) chance(percent float64) bool { return d.Float64()*100 < percent }

// between returns a number from low to high, both included.
func (d dice) between(low, high int64) int64 { return low + d.Int64N(high-low+1) }

// skewed returns a number below n, small ones far more often, as a few users and
// pages are far more active than the others.
func (d dice) skewed(n int) int {
	return int(math.Pow(d.Float64(), 3) * float64(n))
}

// spread returns a log-normal number: half of them are below median, and two
// thirds within a factor of e^sigma of it.
func (d dice) spread(median, sigma float64) float64 {
	return median * math.Exp(d.NormFloat64()*sigma)
}

// one returns an element of list, each with the same probability.
func one[T any](d dice, list []T) T { return list[d.IntN(len(list))] }

// weighted draws items by weight.
type weighted[T any] struct {
	items []T
	sums  []uint32 // sums[i] is the weight of items[0] to items[i]
}

func byWeight[T any](items []T, weight func(T) int) weighted[T] {
	w := weighted[T]{items: items}
	var sum uint32
	for _, item := range items {
		sum += uint32(weight(item))
		w.sums = append(w.sums, sum)
	}
	return w
}

func (w weighted[T]) pick(d dice) T {
	n := d.Uint32N(w.sums[len(w.sums)-1])
	i, _ := slices.BinarySearch(w.sums, n+1)
	return w.items[i]
}

// share is a value and how often it occurs in captured events.
type share[T any] struct {
	value  T
	weight int
}

func byShare[T any](shares ...share[T]) weighted[share[T]] {
	return byWeight(shares, func(s share[T]) int { return s.weight })
}

// namer turns a number into a series of choices that depends only on the number,
// so that pages and users recur under the same name without a table.
type namer uint64

func nameOf(parts ...int) *namer {
	n := namer(0x2545f4914f6cdd1d)
	for _, p := range parts {
		n = (n ^ namer(p)) * 0xff51afd7ed558ccd
		n ^= n >> 32
	}
	return &n
}

// next returns a number below limit.
func (n *namer) next(limit int) int {
	*n += 0x9e3779b97f4a7c15
	z := uint64(*n)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int((z ^ z>>31) >> 1 % uint64(limit))
}
