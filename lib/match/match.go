// Package match is the language in which wm asks for events: terms over their
// fields, and words.
package match
