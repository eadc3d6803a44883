package query

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// readPage reads the answer to a search and calls visit with each hit as soon as
// it arrives.
func readPage(r io.Reader, visit func(Hit) error) (end pageEnd, err error) {
	dec := json.NewDecoder(r)
	found := false
	err = eachMember(dec, func(key string) error {
		switch key {
		case "pit_id":
			return dec.Decode(&end.pit)
		case "timed_out":
			var late bool
			err := dec.Decode(&late)
			end.partial = end.partial || late
			return err
		case "_shards":
			var s shards
			err := dec.Decode(&s)
			end.partial = end.partial || s.Failed > 0
			end.nowhere = s.none()
			return err
		case "hits":
			found = true
			return readHits(dec, &end, visit)
		}
		return skipMember(dec)
	})
	if err == nil && !found {
		err = errNoHits
	}
	return end, err
}

func readHits(dec *json.Decoder, end *pageEnd, visit func(Hit) error) error {
	return eachMember(dec, func(key string) error {
		if key != "hits" {
			return skipMember(dec)
		}
		if err := readDelim(dec, '['); err != nil {
			return err
		}
		for dec.More() {
			var h Hit
			if err := dec.Decode(&h); err != nil {
				return err
			}
			if err := visit(h); err != nil {
				return err
			}
			end.hits++
			end.last = h.Sort
		}
		return readDelim(dec, ']')
	})
}

// eachMember reads an object and calls read for the value of each member.
func eachMember(dec *json.Decoder, read func(key string) error) error {
	if err := readDelim(dec, '{'); err != nil {
		return err
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return err
		}
		if err := read(key.(string)); err != nil {
			return err
		}
	}
	return readDelim(dec, '}')
}

func readDelim(dec *json.Decoder, d json.Delim) error {
	token, err := dec.Token()
	switch {
	case errors.Is(err, io.EOF):
		return io.ErrUnexpectedEOF
	case err != nil:
		return err
	case token != d:
		return fmt.Errorf("%v instead of %v", token, d)
	}
	return nil
}

func skipMember(dec *json.Decoder) error {
	var value json.RawMessage
	return dec.Decode(&value)
}
