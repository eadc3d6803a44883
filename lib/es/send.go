package es

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"
	"github.com/klauspost/compress/gzip"
)

// sender settles batches, one at a time. Each worker has its own.
type sender struct {
	client *Client
	patience
	limit int           // bytes of a body that the server has not refused as too large
	gzip  bool          // compress bodies
	sent  func(Request) // is told of each request
	items []item        // scratch
	pack  packer        // scratch
	heard []byte        // scratch: the last answer
}

// settle sends a batch, and again those of its documents that are still open,
// until there are none. It gives up only when ctx ends or an error is final.
func (s *sender) settle(ctx context.Context, b *batch) error {
	for len(b.docs) > 0 {
		before := len(b.docs)
		t, pause, err := s.attempt(ctx, b)
		if err != nil {
			return err
		}
		if len(b.docs) < before {
			s.progress()
		}
		if t == nil {
			continue
		}
		if t.final {
			return s.client.describe(t)
		}
		if err := s.wait(ctx, s.client.describe(t), pause); err != nil {
			return err
		}
	}
	return nil
}

// attempt sends as many of the open documents as the server takes at once and
// books the answer. It returns what is wrong, and how long the server asks to
// be left alone. An error means that ctx has ended.
func (s *sender) attempt(ctx context.Context, b *batch) (*trouble, time.Duration, error) {
	n := b.head(s.limit)
	size := b.docs[n-1].end
	begin := s.now()
	a, err := s.request(ctx, b.body[:size])
	took, before := s.now().Sub(begin), len(b.docs)
	defer func() { s.sent(Request{took, size, n - (before - len(b.docs))}) }()
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, 0, fmt.Errorf("%s: stopped before the answer came: %w", s.client.Address(), context.Cause(ctx))
	case err != nil:
		return &trouble{err: err, final: distrust(err) != ""}, 0, nil
	case a.status == http.StatusRequestEntityTooLarge:
		s.shrink(b, n, size)
		return nil, 0, nil
	case a.status/100 != 2:
		e := failure(a)
		return &trouble{err: e, final: judgeRequest(e) == fatal}, s.retryAfter(a.header), nil
	}
	items, err := parseItems(s.items, a.body, n)
	if err != nil {
		return &trouble{err: err}, 0, nil
	}
	s.items = items
	return b.settle(items), s.retryAfter(a.header), nil
}

// request sends a body. The answer is valid until the next.
func (s *sender) request(ctx context.Context, body []byte) (a answer, err error) {
	encoding := ""
	if s.gzip {
		encoding = "gzip"
		if body, err = s.pack.pack(body); err != nil {
			return answer{}, err
		}
	}
	if a, err = s.client.bulk(ctx, body, encoding, s.heard); err == nil {
		s.heard = a.body
	}
	return a, err
}

// packer compresses bodies into memory that is used again.
type packer struct {
	buf bytes.Buffer
	z   *gzip.Writer
}

func (p *packer) pack(body []byte) ([]byte, error) {
	p.buf.Reset()
	if p.z == nil {
		z, err := gzip.NewWriterLevel(&p.buf, gzip.BestSpeed)
		if err != nil {
			return nil, err
		}
		p.z = z
	}
	p.z.Reset(&p.buf)
	_, err := p.z.Write(body)
	err = errors.Join(err, p.z.Close())
	return p.buf.Bytes(), err
}

// shrink halves what is sent at once. A document that is too large on its own
// is rejected.
func (s *sender) shrink(b *batch, n, size int) {
	if n > 1 {
		s.limit = size / 2
		return
	}
	b.settle([]item{{http.StatusRequestEntityTooLarge, "", "the document is too large for the server"}})
}

// BulkFilter keeps what is needed of the answer to a bulk request. Without
// items.*.status the items that went well would be missing, and the others
// could not be matched to their documents.
var BulkFilter = []string{"took", "errors", "items.*.status", "items.*.error"}

// bulk sends a body, which has the encoding that is named, and returns when no
// one reads it any more. The answer is written over into.
func (c *Client) bulk(ctx context.Context, body []byte, encoding string, into []byte) (answer, error) {
	r := newReleasable(body)
	header := http.Header{"Content-Type": {"application/x-ndjson"}}
	if encoding != "" {
		header.Set("Content-Encoding", encoding)
	}
	// Once, for a body can be read once only: the batch is sent again anyway.
	a, err := c.once(ctx, sized{int64(len(body)), esapi.BulkRequest{
		Body:       r,
		FilterPath: BulkFilter,
		Header:     header,
	}}, into)
	<-r.released
	return a, err
}

// sized is a bulk request whose body has a length that net/http cannot see.
type sized struct {
	length int64
	esapi.BulkRequest
}

// Do sends the request with its Content-Length instead of in chunks.
func (r sized) Do(ctx context.Context, to esapi.Transport) (*esapi.Response, error) {
	return r.BulkRequest.Do(ctx, performer(func(req *http.Request) (*http.Response, error) {
		req.ContentLength = r.length
		return to.Perform(req)
	}))
}

type performer func(*http.Request) (*http.Response, error)

func (p performer) Perform(req *http.Request) (*http.Response, error) { return p(req) }
