package simulate

import (
	"strconv"
	"strings"
)

// expand appends the expansion of a template. See language for the letters.
func (g *Generator) expand(dst []byte, template string, w *wiki) []byte {
	for {
		before, after, found := strings.Cut(template, "$")
		dst = append(dst, before...)
		if !found || after == "" {
			return dst
		}
		dst = g.fill(dst, after[0], w)
		template = after[1:]
	}
}

// fill appends the expansion of a letter.
func (g *Generator) fill(dst []byte, letter byte, w *wiki) []byte {
	switch letter {
	case 'U':
		g.lastUser = g.nextUser(w)
		return append(dst, g.lastUser...)
	case 'u':
		return append(dst, g.lastUser...)
	case 'p':
		return append(dst, g.lastPage...)
	case 'B':
		return w.appendBot(dst, g.dice.skewed(botsPerWiki))
	case 'N':
		g.lastNumber = g.dice.between(1, 240_000)
		return strconv.AppendInt(dst, g.lastNumber, 10)
	case 'n':
		return strconv.AppendInt(dst, g.lastNumber, 10)
	case 'V':
		if g.undoneRevision != 0 {
			return strconv.AppendInt(dst, g.undoneRevision, 10)
		}
		return strconv.AppendInt(dst, g.at(w).revision-g.dice.between(1, 5000), 10)
	case 'Q':
		return strconv.AppendInt(append(dst, 'Q'), g.dice.between(1, 135_000_000), 10)
	case 'P':
		return strconv.AppendInt(append(dst, 'P'), g.dice.between(6, 13_000), 10)
	case 'H':
		return g.appendHex(dst, 12)
	case 'D':
		return g.clock.AddDate(0, 0, -g.dice.skewed(40_000)).AppendFormat(dst, "2 January 2006")
	case 'X':
		return append(dst, one(g.dice, labelCodes)...)
	}
	return g.fillWords(dst, letter, w)
}

// nextUser returns the author of the edit that the summary says it undoes, once,
// and otherwise any user.
func (g *Generator) nextUser(w *wiki) []byte {
	if user := g.undoneUser; user != nil {
		g.undoneUser = nil
		return user
	}
	return g.person(w, 0).name
}

// fillWords appends the expansion of a letter that consists of words.
func (g *Generator) fillWords(dst []byte, letter byte, w *wiki) []byte {
	n := namer(g.dice.Uint64())
	s := w.language.script
	switch letter {
	case 'T':
		return page{wiki: w, space: w.content(), number: g.pageNumber()}.appendTitle(dst)
	case 'C':
		return s.appendTitle(dst, nameOf(w.number, spaceCategory, g.pageNumber()))
	case 'L':
		return one(g.dice, labelScripts).appendWords(dst, &n, 1+g.dice.IntN(4))
	case 'S':
		return s.appendWords(dst, &n, 1+g.dice.IntN(2))
	case 'w':
		return s.appendNoun(dst, &n)
	case 'W':
		return s.appendWords(dst, &n, 1+g.dice.skewed(24))
	case 'G':
		return g.appendOpening(dst, s, &n)
	}
	return append(dst, '$', letter)
}

// appendOpening appends the first words of a new page, which MediaWiki quotes
// in the summary: wikitext, sometimes long.
func (g *Generator) appendOpening(dst []byte, s *script, n *namer) []byte {
	dst = append(dst, "'''"...)
	dst = s.appendName(dst, n)
	dst = append(dst, "''' "...)
	for range 1 + g.dice.skewed(9) {
		dst = s.appendWords(dst, n, 4)
		dst = append(dst, ", [["...)
		dst = s.appendNoun(dst, n)
		dst = append(dst, "]] "...)
	}
	if g.dice.chance(30) {
		dst = append(dst, "{{"...)
		dst = s.appendNoun(dst, n)
		dst = append(dst, "|1=...}}"...)
	}
	return dst
}

func (g *Generator) appendHex(dst []byte, digits int) []byte {
	for range digits {
		dst = append(dst, hexDigits[g.dice.IntN(16)])
	}
	return dst
}
