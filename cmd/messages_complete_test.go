//go:build unix

package cmd_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// texts are the texts in the source of some packages that users may read: at least
// two words, and not part of the help.
func texts(t *testing.T, packages ...string) map[string]token.Position {
	found := make(map[string]token.Position)
	files := token.NewFileSet()
	for _, folder := range packages {
		names, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %v", folder, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") || filepath.Base(name) == "revert.go" { // which has words of edit summaries
				continue
			}
			file, err := parser.ParseFile(files, name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					if text, err := strconv.Unquote(lit.Value); err == nil && twoWords.MatchString(text) {
						found[text] = files.Position(lit.Pos())
					}
				}
				return !isHelp(n)
			})
		}
	}
	return found
}

var twoWords = regexp.MustCompile(`[A-Za-z]{2,}[,:;]? [A-Za-z%(-]`)

// isHelp reports whether a node holds texts of the help, or of no message at all.
func isHelp(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.KeyValueExpr:
		key, ok := n.Key.(*ast.Ident)
		return ok && (key.Name == "Usage" || key.Name == "UsageText" || key.Name == "Description" || key.Name == "DefaultText")
	case *ast.CallExpr:
		return callee(n) == "panic" || callee(n) == "regexp.MustCompile"
	}
	return false
}

// shown returns the messages in the list and in the scripts.
func shown(t *testing.T) string {
	list, err := txtar.ParseFile(messageList)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.ReplaceAll(string(list.Comment), `\`, "")
	scripts, _ := filepath.Glob("../testdata/script/*.txtar")
	for _, name := range scripts {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all += strings.ReplaceAll(string(text), `\`, "")
	}
	return all
}

var verbs = regexp.MustCompile(`%(\[\d\])?[-+#]?[\d.]*[a-z]`)

// pattern matches the messages that a text with verbs makes.
func pattern(text string) *regexp.Regexp {
	text = verbs.ReplaceAllString(strings.TrimSpace(text), "\x00")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "%%", "%"), `\`, "")
	return regexp.MustCompile(strings.ReplaceAll(regexp.QuoteMeta(text), "\x00", ".*"))
}

// unlisted are texts that no list shows, with the reason.
var unlisted = map[string]string{
	`flag provided but not defined: -`:         "of package flag, replaced",
	`flag needs an argument: -`:                "of package flag, replaced",
	`exit code %d`:                             "never printed",
	`the reader of stdout has exited`:          "never printed: the program ends quietly",
	`Basic realm="wm", charset="UTF-8"`:        "an HTTP header",
	`text/plain; version=0.0.4; charset=utf-8`: "an HTTP header",
	`text/plain; charset=utf-8`:                "an HTTP header",
	`pipeline with id [`:                       "of Elasticsearch, recognized",
	`no write index is defined for alias [`:    "of Elasticsearch, recognized",
	`Copy as pipeline`:                         "on the page",
	`Copy as wm-es search`:                     "on the page",
	`Copy as curl`:                             "on the page",
	` | wm-grep --query `:                      "on the page",
	`(username removed)`:                       "a value of wm-cut",
	`origin %q is not allowed`:                 "in a response to a browser",
	`user name and password are required`:      "in a response to a browser",
	`host %q is not allowed: use localhost or 127.0.0.1, or add it with --hosts`: "in a response to a browser",
	`%s; its version is hidden from this user`:                                   "needs a hosted server",
	`a term cannot compare times; bound the time of the events instead`:          "on the page",
	`@ names a file`: "on the page",
	`files of values work on the command line only; to search for words, use quotes: %q`: "on the page",
	`no connection for %v: %w`:         "at /healthz after two minutes",
	`documents have been waiting for `: "at /healthz after two minutes",
	`, lag %v`:                         "at a terminal",
	"wm-es: waiting for %s; giving up if it does not respond for %v\n":                         "at a terminal",
	`the certificate has expired, or the clock of this machine is wrong (it says `:             "needs a certificate that has expired",
	`its certificate has expired or is not for servers, or the clock of this machine is wrong`: "needs a certificate that has expired",
	`connection reset`: "needs a certain moment; the tests of lib/stream reset connections",
	`asking again, because the first response may have begun too late`: "the cause of a routine reconnect, not printed",
	`new topics: %s`: "at the second reconnect; the tests of lib/stream have new topics",
	`more than %d events will be sent again after the next reconnect: some may come twice`:                                      "needs a million events",
	`wm-es: approximate: the index has several shards, and a count may be too low by up to %d` + "\n":                           "needs several shards",
	`wm-es: approximate if the index has several shards: a value that is not near the top of a shard may lack its events there`: "needs several shards",
	`%d more streams have no event of the last week; their newest is of %s`:                                                     "needs many streams",
	`existing indices: `: "needs indices with an older mapping",
	` and %d more`:       "needs many indices",
	"wm-es: index template %s of an earlier version deleted\n": "needs an earlier version; see es_index_test.go",
	`documents are rejected with status 429: %w`:               "needs a full disk; see day_test.go",
	`no columns`:                                   "a mistake of a program",
	`no address of Elasticsearch`:                  "a mistake of a program",
	`%q is not the name of one index`:              "a mistake of a program",
	`the ledger does not balance: %+v`:             "a mistake of a program",
	`aggregation member %q: %w`:                    "a mistake of a program",
	`elasticsearch client: %w`:                     "a mistake of a program",
	`count: %w`:                                    "a mistake of a program",
	`line is too long`:                             "replaced by a text with the length",
	`%d answers to %d searches`:                    "needs an odd server; wm-serve logs it",
	`too many links`:                               "the system reports the loop first",
	`a field of type `:                             "no field has such a type now",
	` cannot be searched by value`:                 "no field has such a type now",
	`its words are split differently on their own`: "needs rare words; see lib/es/query",
	`spread over several lines`:                    "reported for the whole input instead",
}

func TestMessagesAreListed(t *testing.T) {
	all := shown(t)
	found := texts(t, "wm-tail", "wm-grep", "wm-cut", "wm-es", "wm-store", "wm-serve", "internal/advice", "internal/esconn", "internal/period",
		"../lib/app", "../lib/cursor", "../lib/es", "../lib/es/bulk", "../lib/es/query", "../lib/event", "../lib/grep", "../lib/jsonscan",
		"../lib/match", "../lib/match/lines", "../lib/ndjson", "../lib/stream", "../lib/table")
	listed := 0
	for text, at := range found {
		if pattern(text).MatchString(all) {
			listed++
		} else if unlisted[text] == "" {
			t.Errorf("%s: %q is not in %s", at, text, messageList)
		}
	}
	for text := range unlisted {
		if _, ok := found[text]; !ok {
			t.Errorf("%q is not in the source", text)
		}
	}
	t.Logf("%d texts are listed, %d are not", listed, len(unlisted))
}
