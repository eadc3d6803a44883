// Package lines finds the lines of a block that match a regular expression, often
// at the speed of memory. [Compile] compiles patterns, and [Searcher.Find] searches
// a block.
//
// A line matches if package regexp finds a match in it, without its newline: no
// match spans lines. Find returns lines, not positions in them, and that allows
// three methods, tried in this order:
//
//   - Literals (literal.go). Many patterns are some literals in a row, with
//     anything between them, such as "enwiki" or `"bot":true.*"namespace":0`.
//     Find searches the whole block for the rarest byte of the rarest literal,
//     which is one memchr. A pattern that merely contains a rare literal is
//     checked only in the lines that have it.
//   - A lazy DFA (nfa.go, dfa.go): the program of regexp/syntax becomes an NFA
//     over bytes, and each set of its states that occurs becomes a DFA state with
//     a row in a table. Find processes four quarters of a block at the same time,
//     which hides the latency of the table. The memory of the states is bounded.
//   - Package regexp, for what the DFA cannot decide: lines that are not UTF-8,
//     where the meaning of "." depends on later bytes; lines that end in a
//     carriage return; and patterns whose NFA is too large or that keep reaching
//     new DFA states.
package lines
