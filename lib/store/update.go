package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
)

// update merges a partial document into the existing one.
func (w *writer) update(ctx context.Context, op Op, out *Outcome) error {
	seq, version, found, err := w.lookup(idKey(out.ID))
	if err != nil {
		return err
	}
	source := op.Upsert
	if found {
		old, err := w.source(ctx, seq)
		if err != nil {
			return err
		}
		var changed bool
		if source, changed, err = mergeDoc(old, op.Source); err != nil {
			out.Err = w.ix.badDocument(err)
			return nil
		}
		if !changed {
			out.Version, out.Seq, out.Effect = version, seq, Noop
			return nil
		}
	}
	if source == nil {
		out.Err = w.ix.about(refuse(DocumentMissing, "[%s]: document missing", out.ID))
		return nil
	}
	var d prepared
	r := w.ix.newReader()
	r.parser.unknown = r.unknown
	if d, out.Err = w.ix.prepareOne(r, out.ID, source); out.Err != nil {
		return nil
	}
	return w.put(Put, out, d)
}

// source returns the source of a document, which this transaction may have written.
func (w *writer) source(ctx context.Context, seq int64) ([]byte, error) {
	if seq >= w.first {
		return w.docs[seq-w.first].source, nil
	}
	var source []byte
	err := eachStored(ctx, w.tx, seq, seq+1, func(_ int64, d stored, _ bool) error {
		source = slices.Clone(d.source)
		return nil
	})
	if err == nil && source == nil {
		err = fmt.Errorf("%w: document %d is missing", errFrame, seq)
	}
	return source, err
}

// mergeDoc merges a partial document into another, object by object, and reports
// whether that changed anything.
func mergeDoc(doc, partial []byte) (merged []byte, changed bool, err error) {
	var a, b map[string]any
	if err := decodeNumbers(doc, &a); err != nil {
		return nil, false, err
	}
	if err := decodeNumbers(partial, &b); err != nil {
		return nil, false, err
	}
	changed = mergeInto(a, b)
	merged, err = encodeJSON(a)
	return merged, changed, err
}

// encodeJSON is json.Marshal that leaves <, > and & as they are.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

func decodeNumbers(raw []byte, into *map[string]any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return d.Decode(into)
}

func mergeInto(a, b map[string]any) (changed bool) {
	for k, v := range b {
		inner, isObject := v.(map[string]any)
		old, wasObject := a[k].(map[string]any)
		if isObject && wasObject {
			changed = mergeInto(old, inner) || changed
			continue
		}
		before, had := a[k]
		x, _ := json.Marshal(before)
		y, _ := json.Marshal(v)
		if !had || !bytes.Equal(x, y) {
			a[k], changed = v, true
		}
	}
	return changed
}
