package bulk

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/wmtools/wm/lib/es"
)

// Whatever a server sends, its answer has one outcome for each document or is
// rejected as a whole.
func FuzzAnswerMatchesDocuments(f *testing.F) {
	f.Add(answerBody([]outcome{{status: 201}, {429, busy, "full"}}), 2)
	f.Add([]byte(`{"items":[{"create":{"status":201}},{"index":{"status":201}}]}`), 2)
	f.Add([]byte(`{"items":{"a":{"create":{"status":201}}}}`), 1)
	f.Add([]byte("<html>"), 1)
	f.Fuzz(func(t *testing.T, body []byte, want int) {
		items, err := parseItems(nil, es.Answer{Body: body}, want)
		if err == nil && len(items) != want {
			t.Errorf("%d outcomes for %d documents", len(items), want)
		}
		for _, it := range items {
			verdict, why := it.judge()
			if (why == nil) != (verdict == created || verdict == present) {
				t.Errorf("%+v: verdict %d with error %v", it, verdict, why)
			}
			if why != nil && (!utf8.ValidString(why.Error()) || strings.ContainsAny(why.Error(), "\r\n") || len(why.Error()) > len(it.kind)+1000) {
				t.Errorf("not a readable line: %q", why)
			}
		}
	})
}
