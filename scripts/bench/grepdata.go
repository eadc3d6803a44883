package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/simulate"
)

const (
	grepNames = 100_000 // of the large set
	grepWords = 50
	// grepSample is how many of the events the words are drawn from.
	grepSample = 100_000
	// grepShare is how much of the data slow rivals get.
	grepShare = 0.1
)

// grepData is what the commands read.
type grepData struct {
	events    eventFile
	part      eventFile // its beginning, grepShare of its bytes
	name      string    // of a user in it
	namesFile string    // the same name and many others
	words     []string  // of titles and comments
	wordsFile string
}

// makeGrepData writes about size bytes of events, and the other files, to a folder.
func makeGrepData(folder string, size int) (grepData, error) {
	in := func(name string) string { return filepath.Join(folder, name) }
	d := grepData{namesFile: in("names"), wordsFile: in("words")}
	sample := sample{words: map[string]bool{}}
	var err error
	if d.events, err = writeEvents(in("events"), size, simulate.Options{}, sample.add); err != nil {
		return d, err
	}
	// The same seed makes the same events again.
	if d.part, err = writeEvents(in("part"), int(float64(size)*grepShare), simulate.Options{}, nil); err != nil {
		return d, err
	}
	d.name, d.words = sample.user, sample.draw(grepWords)
	names := []string{d.name}
	for i := range grepNames - 1 {
		names = append(names, fmt.Sprintf("Example %d", i))
	}
	if err := writeLines(d.namesFile, names); err != nil {
		return d, err
	}
	return d, writeLines(d.wordsFile, d.words)
}

func writeLines(path string, lines []string) error {
	return os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o644)
}

// sample is what the first events have in them.
type sample struct {
	events int
	user   string // of the first one with a plain name
	words  map[string]bool
}

var (
	// In scripts that put blanks between words.
	plainWord = regexp.MustCompile(`^[\p{Latin}\p{Cyrillic}\p{Arabic}\p{Hebrew}]{4,}$`)
	plainName = regexp.MustCompile(`^[A-Za-z]+$`)
)

func betweenWords(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r)
}

func (s *sample) add(e simulate.Event) {
	if s.events++; s.events > grepSample {
		return
	}
	fields := gjson.GetManyBytes(e.Data, "user", "title", "comment")
	if s.user == "" && plainName.MatchString(fields[0].Str) {
		s.user = fields[0].Str
	}
	for _, text := range fields[1:] {
		for word := range strings.FieldsFuncSeq(text.Str, betweenWords) {
			if plainWord.MatchString(word) {
				s.words[word] = true
			}
		}
	}
}

// draw returns a deterministic sample of the words. Each is equally likely, so
// most are rare, like words that people search for.
func (s *sample) draw(n int) []string {
	var all []string
	for word := range s.words {
		all = append(all, word)
	}
	slices.Sort(all)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:min(n, len(all))]
}
