package simulate

import (
	"strconv"
	"strings"
)

// person is the author of a change.
type person struct {
	name   []byte // nil: the service removed it
	number int    // among the wiki's users of this kind
	bot    bool
	temp   bool // a temporary account
	named  bool // has an account, temporary or not
}

const (
	botsPerWiki   = 12
	usersPerWiki  = 4000
	hiddenPercent = 0.1
)

// unregistered is the percentage of changes, other than those of bots, by people
// without an account.
func (w *wiki) unregistered() float64 {
	if w.site == pedia {
		return 15
	}
	return 1.5
}

// person draws who makes a change to the wiki. The share of bots is in percent.
func (g *Generator) person(w *wiki, bots float64) person {
	switch {
	case g.dice.chance(bots):
		return g.bot(w)
	case g.dice.chance(w.unregistered()):
		return g.anonymous()
	}
	number := g.dice.skewed(usersPerWiki)
	return person{name: w.appendUser(g.buffer(64), number), number: number, named: true}
}

func (g *Generator) bot(w *wiki) person {
	number := g.dice.skewed(botsPerWiki)
	return person{name: w.appendBot(g.buffer(64), number), number: number, bot: true, named: true}
}

// anonymous returns a person who is not logged in: a temporary account in years
// that have them, otherwise an IP address.
func (g *Generator) anonymous() person {
	if g.era == Era2025 && g.dice.chance(85) {
		return person{name: g.appendTemporary(g.buffer(24)), number: g.dice.IntN(usersPerWiki), temp: true, named: true}
	}
	return person{name: g.appendAddress(g.buffer(48))}
}

// appendUser appends the name of one of the wiki's users.
func (w *wiki) appendUser(dst []byte, number int) []byte {
	n := nameOf(w.number, number, 'u')
	s := w.language.script
	if n.next(3) == 0 {
		s = &latin
	}
	dst = s.appendName(dst, n)
	switch form := n.next(6); {
	case form == 0:
		dst = append(dst, ' ')
		dst = s.appendName(dst, n)
	case form < 3:
		dst = strconv.AppendInt(dst, int64(1+n.next(9999)), 10)
	case form == 3:
		dst = append(dst, " of the "...)
		dst = latin.appendNoun(dst, n)
	}
	return dst
}

func (w *wiki) appendBot(dst []byte, number int) []byte {
	n := nameOf(w.number, number, 'b')
	dst = latin.appendName(dst, n)
	if n.next(3) == 0 {
		return append(dst, " bot"...)
	}
	return append(dst, "Bot"...)
}

// appendTemporary appends the name of a temporary account, such as
// "~2026-40857-91".
func (g *Generator) appendTemporary(dst []byte) []byte {
	dst = append(dst, '~')
	dst = strconv.AppendInt(dst, int64(g.clock.Year()), 10)
	dst = append(dst, '-')
	dst = strconv.AppendInt(dst, g.dice.between(10000, 99999), 10)
	dst = append(dst, '-')
	return strconv.AppendInt(dst, g.dice.between(1, 99), 10)
}

// appendAddress appends an IP address from the ranges reserved for documentation.
// IPv6 is written as in MediaWiki: upper case, with all zeros.
func (g *Generator) appendAddress(dst []byte) []byte {
	if g.dice.chance(40) {
		dst = append(dst, "2001:DB8"...)
		for range 6 {
			dst = append(dst, ':')
			dst = append(dst, strings.ToUpper(strconv.FormatInt(g.dice.between(0, 0xffff), 16))...)
		}
		return dst
	}
	dst = append(dst, one(g.dice, []string{"192.0.2.", "198.51.100.", "203.0.113."})...)
	return strconv.AppendInt(dst, g.dice.between(1, 254), 10)
}
