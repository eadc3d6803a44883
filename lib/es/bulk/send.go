package bulk

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/wmtools/wm/lib/es"
)

// sender settles batches, one at a time. Each worker has its own.
type sender struct {
	client *es.Client
	patience
	outage *outage
	limit  int           // size of a body that the server has not refused as too large
	gzip   bool          // compress bodies
	sent   func(Request) // called after each request
	items  []item        // scratch space
	pack   packer        // scratch space
	heard  []byte        // scratch space for the answer
}

// settle sends a batch, and then its open documents again, until none is left. It
// gives up only when ctx ends or an error is final.
func (s *sender) settle(ctx context.Context, b *batch) error {
	waited := false
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
			return t.err
		}
		if !waited {
			waited = true
			s.outage.enter()
		}
		if err := s.wait(ctx, t.err, pause); err != nil {
			return err
		}
	}
	if waited {
		s.outage.leave()
	}
	return nil
}

// attempt sends as many open documents as the server takes at once and books the
// answer. It returns what is wrong, and how long the server asks the client to
// wait. An error means that ctx has ended.
func (s *sender) attempt(ctx context.Context, b *batch) (*trouble, time.Duration, error) {
	n := b.head(s.limit)
	size := b.docs[n-1].end
	request, cancel := s.bound(ctx)
	defer cancel()
	begin := s.now()
	a, err := s.request(request, b.body[:size])
	took, before := s.now().Sub(begin), len(b.docs)
	defer func() { s.sent(Request{took, size, n - (before - len(b.docs))}) }()
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, 0, err
	case err != nil:
		err = nameLimit(request, s.client, err)
		e, ok := errors.AsType[*es.Error](err)
		return &trouble{err: err, final: ok && !e.Temporary()}, 0, nil
	case a.Status == http.StatusRequestEntityTooLarge:
		s.shrink(b, n, size)
		return nil, 0, nil
	case a.Status/100 != 2:
		e := s.client.Refused(a)
		return &trouble{err: e, final: !e.Temporary()}, s.retryAfter(a.Header), nil
	}
	items, err := parseItems(s.items, a, n)
	if err != nil {
		return &trouble{err: s.client.Fail(es.Foreign, err)}, 0, nil
	}
	s.items = items
	return b.settle(s.client.Address(), items), s.retryAfter(a.Header), nil
}

// request sends a body. The answer is valid until the next request.
func (s *sender) request(ctx context.Context, body []byte) (a es.Answer, err error) {
	encoding := ""
	if s.gzip {
		encoding = "gzip"
		if body, err = s.pack.pack(body); err != nil {
			return es.Answer{}, err
		}
	}
	if a, err = s.client.Bulk(ctx, body, encoding, s.heard); err == nil {
		s.heard = a.Body
	}
	return a, err
}

// packer compresses bodies into a buffer that is reused.
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

// shrink halves the size of requests. A single document that is too large is
// rejected.
func (s *sender) shrink(b *batch, n, size int) {
	if n > 1 {
		s.limit = size / 2
		return
	}
	b.settle(s.client.Address(), []item{{http.StatusRequestEntityTooLarge, "", "the document is too large for the server"}})
}
