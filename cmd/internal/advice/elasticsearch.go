package advice

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/event"
)

// Elasticsearch adds a hint to an error of package es. It returns any other error,
// and one that has a hint, as it is.
func Elasticsearch(err error) error {
	if _, ok := errors.AsType[*event.Hint](err); ok {
		return err
	}
	if hint := ElasticsearchHint(err); hint != "" {
		return event.WithHint(err, hint)
	}
	return err
}

// ElasticsearchHint returns what the user can do about an error of package es, or
// "".
func ElasticsearchHint(err error) string {
	if e, ok := errors.AsType[*es.Error](err); ok {
		if e.Kind() == es.Refused {
			return refusal(e)
		}
		return connectionHints[e.Kind()]
	}
	if e, ok := errors.AsType[*es.AddressError](err); ok {
		if e.User {
			return "in a password, write / ? # % and @ as %2F %3F %23 %25 and %40, or set WM_ES_PASSWORD"
		}
		return "write it like " + es.DefaultURL
	}
	if _, ok := errors.AsType[*es.PatternError](err); ok {
		return "write it like " + es.DefaultIndex
	}
	if e, ok := errors.AsType[*es.TemplateConflict](err); ok {
		return fmt.Sprintf("delete it (DELETE /_index_template/%s), or choose another --index", e.Name)
	}
	return ""
}

// connectionHints are for requests without a usable answer.
var connectionHints = map[es.Kind]string{
	es.Unreachable:        "is it running? start wm-store, or set the address with --es",
	es.HungUp:             "the server closed the connection: does it expect https instead of http?",
	es.Silent:             "is the server stopped or overloaded?",
	es.UnknownAuthority:   "its certificate is signed by an unknown authority: trust that one with --ca FILE, or the certificate with --fingerprint",
	es.WrongHost:          "its certificate is for another host name: use that name in --es, or trust the certificate with --fingerprint",
	es.InvalidCertificate: "its certificate has expired or is not for servers, or the clock of this machine is wrong",
	es.WrongFingerprint:   "was the certificate renewed? --fingerprint must be that of the new one, or of a CA certificate that the server sends along",
	es.NoTLS:              "the server does not use TLS on this port: write http instead of https",
	es.Foreign:            "is this the address of Elasticsearch or wm-store? set another one with --es",
}

// refusal returns the hint for an error of the server.
func refusal(e *es.Error) string {
	switch {
	case e.Status == http.StatusUnauthorized:
		return "log in with --user and WM_ES_PASSWORD or --password-file, or with WM_ES_API_KEY or --api-key-file"
	case strings.Contains(e.Reason, "[index.lifecycle.name]"):
		return "this server has no index lifecycle management: omit --ilm-policy, and delete old indices with wm-es prune"
	case strings.Contains(e.Reason, "same priority"):
		return "another index template claims the same index names: delete it, or choose an --index that it does not match"
	case strings.HasPrefix(e.Reason, "Fielddata is disabled"):
		return "this index was created before wm-es init-index, or by another program: its field types differ"
	case e.Type == "index_not_found_exception" && e.Index == "":
		return "--index names what to search; it may contain *"
	case e.Type == "search_context_missing_exception":
		return fmt.Sprintf("read each %d hits within %v", query.PageSize, query.KeepAlive)
	}
	return refusals[e.Type]
}

// refusals are hints by type of error.
var refusals = map[string]string{
	"index_not_found_exception":       "run wm-es init-index with the same --index, or allow the server to create indices (action.auto_create_index)",
	"cluster_block_exception":         "free disk space on the server, or remove the block from the index",
	"index_closed_exception":          "open the index, or delete it",
	"validation_exception":            "delete old indices, or raise cluster.max_shards_per_node",
	"security_exception":              "grant the user the privilege on these indices; wm-es check lists what it has",
	"es_rejected_execution_exception": "if this continues, lower --workers or --batch-bytes",
	"unavailable_shards_exception":    "check the health of the cluster: the index has no primary shard",
	"too_many_buckets_exception":      "use a longer --per, a shorter period or a smaller -n",
}
