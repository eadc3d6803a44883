package advice

import (
	"regexp"
	"strings"
)

var plain = regexp.MustCompile(`^[\w@%+=:,./-]+$`)

// Quote returns a word in a form that a shell takes literally.
func Quote(word string) string {
	if plain.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
