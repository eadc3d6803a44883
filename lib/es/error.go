package es

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/jsonscan"
)

// Error is a failed request. Either the server refused it, and Status, Type and
// Reason say how; or no usable answer came, and Err says why.
type Error struct {
	Address string // of the server, without passwords; "" within a bulk answer
	Index   string // the index at fault, if there is one
	Status  int    // HTTP status; 0: no answer came
	Type    string // Elasticsearch's name of the error; "" if another program answered
	Reason  string // its explanation, one line of at most about 800 bytes
	Err     error  // why there is no usable answer; nil if the server refused the request
	kind    Kind   // if Err is set
}

// The type of the error of a node whose queue is full, as Elasticsearch and as
// OpenSearch name it. Callers see the former.
const (
	tooBusy           = "es_rejected_execution_exception"
	tooBusyOpenSearch = "rejected_execution_exception"
)

func (e *Error) Error() string {
	var parts []string
	if e.Address != "" {
		parts = append(parts, e.Address)
	}
	if e.Index != "" {
		parts = append(parts, "index "+e.Index)
	}
	return strings.Join(append(parts, e.cause()), ": ")
}

func (e *Error) cause() string {
	switch {
	case e.Err != nil:
		return brief(e.Err).Error()
	case e.Type == "":
		return strings.TrimSuffix(fmt.Sprintf("status %d: %s", e.Status, e.Reason), ": ")
	case e.Type == tooBusy:
		// The reason describes a Java task, which differs each time.
		return e.Type + ": the server cannot take more requests at the moment"
	}
	return e.Type + ": " + e.Reason
}

// brief leaves out of an error what repeats the address or names a local port.
func brief(err error) error {
	if e, ok := errors.AsType[*net.OpError](err); ok {
		return e.Err
	}
	if e, ok := errors.AsType[silence](err); ok {
		return e
	}
	return err
}

// Unwrap returns e.Err.
func (e *Error) Unwrap() error { return e.Err }

// Kind classifies an Error by its remedy.
type Kind int

// Kinds of errors.
const (
	Refused            Kind = iota + 1 // by the server; see Status and Type
	Stopped                            // the caller's context ended
	Unreachable                        // no connection
	HungUp                             // the connection ended before the answer
	Silent                             // the server did not respond for Options.Silence
	UnknownAuthority                   // the certificate's issuer is not trusted
	WrongHost                          // the certificate is for another host name
	InvalidCertificate                 // the certificate is expired or not for servers
	WrongFingerprint                   // neither the certificate nor its issuer has Options.Fingerprint
	NoTLS                              // the server answers plain HTTP on this port
	Foreign                            // the answer is not Elasticsearch's
	Incomplete                         // part of an index could not be read
)

// Kind returns the kind of the error.
func (e *Error) Kind() Kind {
	switch {
	case e.Err != nil:
		return e.kind
	case e.Type == "" && !temporary(e.Status):
		return Foreign
	}
	return Refused
}

// kindOf returns the kind of an error of the transport.
func kindOf(err error) Kind {
	untrusted := distrust(err)
	_, silent := errors.AsType[silence](err)
	switch {
	case untrusted != 0:
		return untrusted
	case silent:
		return Silent
	case errors.Is(err, io.EOF):
		return HungUp
	}
	return Unreachable
}

// Temporary reports whether the same request may succeed later.
func (e *Error) Temporary() bool {
	if e.Err != nil {
		return e.kind != Stopped && distrust(e.Err) == 0
	}
	return temporary(e.Status) || e.Type == "cluster_block_exception" || e.Type == "index_not_found_exception"
}

func temporary(status int) bool {
	return status >= 500 || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout
}

// Fail returns the Error of a request without a usable answer.
func (c *Client) Fail(kind Kind, why error) *Error {
	return &Error{Address: c.Address(), Err: why, kind: kind}
}

// Refused returns the Error of an answer whose status is not 2xx.
func (c *Client) Refused(a Answer) *Error {
	e := &Error{Address: c.Address(), Status: a.Status}
	if answer, ok := a.JSON(); ok {
		e.Type, e.Reason = rootCause(answer.Get("error"))
	}
	if e.Type == "" {
		e.Reason = oneLine(string(a.Body))
	}
	return e
}

// unanswered returns the Error of a request that brought no answer.
func (c *Client) unanswered(ctx context.Context, err error) *Error {
	if ctx.Err() != nil {
		return c.Fail(Stopped, stopped{context.Cause(ctx)})
	}
	return c.Fail(kindOf(err), err)
}

// stopped is the error of a request that the caller has abandoned. Its cause is not
// worth a word.
type stopped struct{ cause error }

func (s stopped) Error() string { return "stopped before the answer came" }

func (s stopped) Unwrap() error { return s.cause }

// rootCause returns the type and reason of an error; the type is "" if it is not
// Elasticsearch's. A reason such as "all shards failed" says nothing, and neither
// does an error without a reason; their causes do.
func rootCause(account gjson.Result) (kind, reason string) {
	if account.Get("reason").Str == "" && account.Get("caused_by").Exists() {
		account = account.Get("caused_by")
	}
	for _, e := range []gjson.Result{account.Get("root_cause.0"), account} {
		if kind, reason = Explain(e); kind != "" {
			break
		}
	}
	return kind, reason
}

// Explain returns the type and the reason of an error object of Elasticsearch,
// each one line. Often only the cause below it says what was wrong with a value.
func Explain(e gjson.Result) (kind, reason string) {
	reason = e.Get("reason").String()
	if cause := e.Get("caused_by.reason").String(); cause != "" && !strings.Contains(reason, cause) {
		reason += ": " + cause
	}
	kind = oneLine(e.Get("type").String())
	if kind == tooBusyOpenSearch {
		kind = tooBusy
	}
	return kind, oneLine(reason)
}

// maxReason is how many bytes of a reason are kept.
const maxReason = 400

// oneLine turns text into one short line. The text may be a page of HTML, quote a
// whole document, or end in a semicolon.
func oneLine(s string) string {
	if len(s) > maxReason {
		s = s[:maxReason] + "..."
	}
	return strings.TrimRight(strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " "), ";")
}

// JSON parses the body. It reports false for a body that is not JSON, or is
// nested too deeply.
func (a Answer) JSON() (gjson.Result, bool) {
	// gjson recurses without a limit.
	end := jsonscan.SkipValue(a.Body, jsonscan.SkipBlank(a.Body, 0), 0)
	if end < 0 || !gjson.ValidBytes(a.Body) {
		return gjson.Result{}, false
	}
	return gjson.ParseBytes(a.Body), true
}
