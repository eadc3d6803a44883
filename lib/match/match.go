// Package match is the query language of wm. [ParseQuery] parses a query,
// [Compile] turns it into a [Predicate], and [Predicate.Match] applies it to a
// line. [CompilePattern] compiles regular expressions over whole lines, and
// [Search] combines both to search blocks of lines.
//
// # Grammar
//
// A query consists of terms separated by blanks, all of which must hold:
//
//	query  = { blank } [ term { blank { blank } term } { blank } ]
//	term   = [ "-" ] ( test | words )        "-" negates
//	test   = FIELD                           the field is present and not null
//	       | "!" FIELD                       it is absent or null
//	       | FIELD ( "=" | "!=" ) VALUE { "|" VALUE }
//	       | FIELD ( "~" | "!~" ) REGEXP     in Go's syntax
//	       | FIELD ( "<" | "<=" | ">" | ">=" ) NUMBER
//	       | FIELD ( "@" | "!@" ) FILE       one VALUE per line; needs Parser.ReadFile
//	words  = [ ( "title" | "comment" | "user" ) ":" ] ( WORD | PHRASE )
//	PHRASE = '"' WORD { blank WORD } '"'
//
// The operator of a test is the leftmost one after its first byte, and the
// longest at that place. [ParseTerm] parses a single test or words with a field.
//
// FIELD is a path of keys joined by dots, such as meta.domain; a key that is a
// number is also an index of an array. A backslash before a character makes it
// part of the key. The derived fields of [event.Derived] are fields too.
//
// VALUE equals a string of the same text. Without quotes, a number also equals
// any number of the same value, and true, false and null also equal themselves.
// In quotes, a value may contain blanks and "|", and \" is a quote. An array
// matches if any element does. An absent field equals nothing, so != and !~ hold
// for it. Comparisons with < and > hold only for numbers; 64-bit integers
// compare exactly.
//
// WORD and PHRASE are split into tokens by package words. They hold if one
// field, of title, comment and user if none is given, has the tokens one after
// the other. The capital words AND, OR and NOT are errors, because terms are
// not joined that way.
//
// # Lines
//
// A line must be exactly one JSON object. Full validation would cost more than
// most searches, so only the form is checked; see [jsonscan.Object]. If a key
// repeats, the first one is used.
package match
