package store

import (
	"fmt"
	"net/url"
	"strings"
)

// The name of an index's file is the index's name between these two, with
// characters that are not safe in file names as %XX.
const (
	filePrefix = "index-"
	fileSuffix = ".sqlite"
)

const forbiddenInNames = ` "*,/<>?\|`

// checkName returns an error unless a name is valid for an index. The rules are
// Elasticsearch's.
func checkName(name string) error {
	bad := func(why string) error {
		return &Error{Kind: BadName, Index: name, Reason: fmt.Sprintf("Invalid index name [%s], %s", name, why)}
	}
	switch {
	case name == "" || name == "." || name == "..":
		return bad("must not be empty, '.' or '..'")
	case strings.ContainsAny(name, forbiddenInNames):
		return bad(`must not contain the following characters [' ','"','*',',','/','<','>','?','\','|']`)
	case strings.ContainsAny(name, "#:"):
		return bad("must not contain '#' or ':'")
	case strings.ContainsRune("_-+", rune(name[0])):
		return bad("must not start with '_', '-', or '+'")
	case strings.ToLower(name) != name:
		return bad("must be lowercase")
	case len(fileName(name)) > 240:
		return bad("its file name would be too long")
	}
	return nil
}

func fileName(index string) string {
	return filePrefix + url.PathEscape(index) + fileSuffix
}

// indexName is the inverse of fileName; ok is false for files of other kinds.
func indexName(file string) (name string, ok bool) {
	s, prefix := strings.CutPrefix(file, filePrefix)
	s, suffix := strings.CutSuffix(s, fileSuffix)
	name, err := url.PathUnescape(s)
	return name, prefix && suffix && err == nil && fileName(name) == file
}

// wildcard reports whether a name matches a pattern in which * matches any
// run of characters.
func wildcard(pattern, name string) bool {
	if !strings.Contains(pattern, "*") {
		return pattern == name
	}
	return glob(onlyStars.Replace(pattern), false)([]byte(name))
}

// onlyStars makes the other special characters of a glob literal.
var onlyStars = strings.NewReplacer(`\`, `\\`, "?", `\?`)

// overlap reports whether some name matches both patterns.
func overlap(a, b string) bool {
	// after[j]: a[i+1:] and b[j:] overlap; here[j]: a[i:] and b[j:] do.
	after := make([]bool, len(b)+1)
	for i := len(a); i >= 0; i-- {
		here := make([]bool, len(b)+1)
		for j := len(b); j >= 0; j-- {
			aStar, bStar := i < len(a) && a[i] == '*', j < len(b) && b[j] == '*'
			switch {
			case aStar:
				here[j] = after[j] || j < len(b) && here[j+1]
			case bStar:
				here[j] = here[j+1] || i < len(a) && after[j]
			case i == len(a) || j == len(b):
				here[j] = i == len(a) && j == len(b)
			default:
				here[j] = a[i] == b[j] && after[j+1]
			}
		}
		after = here
	}
	return after[0]
}
