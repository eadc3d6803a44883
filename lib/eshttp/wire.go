package eshttp

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strconv"

	"github.com/klauspost/compress/gzip"
)

// mediaTypes are the JSON content types that Elasticsearch accepts. The check is a
// protection: a web page can make a browser post a form or plain text to any server,
// but not these types.
var mediaTypes = map[string]bool{
	"application/json":                       true,
	"application/x-ndjson":                   true,
	"application/vnd.elasticsearch+json":     true,
	"application/vnd.elasticsearch+x-ndjson": true,
}

// readBody reads the body. If it is not empty, its content type must be JSON.
func (s *server) readBody(r *request) error {
	if r.ContentLength == 0 {
		return nil
	}
	if err := checkType(r.Header.Get("Content-Type")); err != nil {
		return err
	}
	if r.ContentLength > s.opts.MaxBody {
		return tooLarge(s.opts.MaxBody)
	}
	var body io.Reader = r.Body
	switch encoding := r.Header.Get("Content-Encoding"); encoding {
	case "", "identity":
	case "gzip":
		zr, err := gzip.NewReader(r.Body)
		if err != nil {
			return illegal("body is not gzip: %v", err)
		}
		defer zr.Close()
		body = zr
	default:
		return illegal("Content-Encoding [%s] is not supported", encoding)
	}
	var buf bytes.Buffer
	buf.Grow(int(max(r.ContentLength, 0)) + bytes.MinRead)
	n, err := buf.ReadFrom(io.LimitReader(body, s.opts.MaxBody+1))
	if err != nil {
		return illegal("reading the body: %v", err)
	}
	if n > s.opts.MaxBody {
		return tooLarge(s.opts.MaxBody)
	}
	r.body = buf.Bytes()
	return nil
}

func checkType(header string) error {
	if header == "" {
		return plainError(http.StatusNotAcceptable, "Content-Type header is missing")
	}
	name, params, err := mime.ParseMediaType(header)
	version := params["compatible-with"]
	charset := params["charset"]
	if err != nil || !mediaTypes[name] || version != "" && version != "8" || charset != "" && charset != "utf-8" && charset != "UTF-8" {
		return plainError(http.StatusNotAcceptable, "Content-Type header [%s] is not supported", header)
	}
	return nil
}

func tooLarge(limit int64) error {
	return &apiError{status: http.StatusRequestEntityTooLarge, typ: "content_too_long_exception",
		reason: "entity content is too long for the configured limit of " + strconv.FormatInt(limit, 10) + " bytes"}
}

// respond sends a response.
func respond(w http.ResponseWriter, r *request, rep reply) {
	body, contentType := rep.body, "application/json"
	if rep.text {
		contentType = "text/plain; charset=UTF-8"
	} else {
		body = shape(r, rep.status, body)
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(rep.status)
	if r.Method != http.MethodHead {
		w.Write(body) // the client may have disconnected
	}
}

// shape applies pretty and, except to errors, filter_path.
func shape(r *request, status int, body []byte) []byte {
	if r.filter != nil && status < http.StatusBadRequest {
		body = r.filter.apply(body)
	}
	if pretty, err := r.flag("pretty", false); pretty && err == nil {
		var out bytes.Buffer
		if json.Indent(&out, body, "", "  ") == nil {
			out.WriteByte('\n')
			return out.Bytes()
		}
	}
	return body
}

// ok returns a reply with JSON.
func ok(body []byte) (reply, error) { return reply{status: http.StatusOK, body: body}, nil }

// answer returns a reply with a value as JSON.
func answer(status int, v any) (reply, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return reply{}, err
	}
	return reply{status: status, body: bytes.TrimRight(b.Bytes(), "\n")}, nil
}

var acknowledged = struct {
	Acknowledged bool `json:"acknowledged"`
}{true}
