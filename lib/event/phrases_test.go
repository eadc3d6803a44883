package event

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// The random texts consist of parts of the phrases, so that many contain a
// phrase, and more almost do.
func TestPhrasesAgreeWithContains(t *testing.T) {
	const seed = 1
	dice := rand.New(rand.NewPCG(seed, seed))
	found := 0
	for range 20_000 {
		var text strings.Builder
		for range 1 + dice.IntN(6) {
			phrase := revertPhrases[dice.IntN(len(revertPhrases))]
			from := dice.IntN(2) * dice.IntN(len(phrase))
			text.WriteString(phrase[from : from+dice.IntN(len(phrase)-from+1)])
			text.WriteString(strings.Repeat("x", dice.IntN(3)))
		}
		s := text.String()
		want := slices.ContainsFunc(revertPhrases, func(phrase string) bool { return strings.Contains(s, phrase) })
		if got := revertPhraseSet.in(s); got != want {
			t.Fatalf("%q: %v, want %v", s, got, want)
		}
		if want {
			found++
		}
	}
	if found < 1000 || found > 19_000 {
		t.Errorf("%d of 20,000 texts have a phrase: too one-sided to prove anything", found)
	}
}
