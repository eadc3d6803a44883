// Package lines finds the lines of a block that match a regular expression, at
// the speed of memory where it can.
//
// A match is what package regexp would find in the line alone, without its end:
// no match crosses a line. Only the line is asked for, not the place in it, and
// that allows three short cuts, tried in this order:
//
//   - Literals (literal.go). Many patterns are some literals in a row, with
//     anything between them: "enwiki", ".*en.wiki.*" but for its dots,
//     `"bot":true.*"namespace":0`. They are looked for in the whole block by the
//     rarest of their bytes, which is one memchr. A pattern that merely contains
//     a rare literal is checked only in the lines that have it.
//   - A DFA (nfa.go, dfa.go), built while it runs: the program of regexp/syntax
//     becomes an automaton over bytes, and each set of its states that turns up
//     one state with a row in a table. Four quarters of a block are walked at the
//     same time, which hides the time that a look-up takes.
//   - Package regexp itself, for what the DFA leaves open: lines that are not
//     UTF-8, where "." depends on bytes to come; lines with a carriage return at
//     their end; patterns whose automaton is too large, or goes through so many
//     states that they are always new. The memory of states is bounded.
package lines
