package service

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// assignment is a topic-partition and the position to read it from.
type assignment struct {
	partition
	offset, timestamp instant // as given; both may be
	raw               string  // the element as the client wrote it
}

// assign returns the topics of a request and the positions to read them from: from
// its Last-Event-ID, otherwise from since, otherwise from the end. The refusal is
// nil if the request is valid.
func (s *Service) assign(r *http.Request, topics []string, since instant) (identity, *refusal) {
	var list []assignment
	if header := r.Header.Values("Last-Event-ID"); len(header) > 0 {
		var bad *refusal
		if list, bad = s.parseAssignments(strings.Join(header, ", "), since); bad != nil {
			return nil, bad
		}
	} else {
		for _, topic := range topics {
			list = append(list, s.wholeTopic(topic, since)...)
		}
	}
	if bad := checkTopics(list, topics); bad != nil {
		return nil, bad
	}
	return s.resolve(list)
}

// parseAssignments reads a Last-Event-ID: an array whose elements are topics
// by name or objects, or a list of topics in one string.
func (s *Service) parseAssignments(header string, since instant) ([]assignment, *refusal) {
	if !gjson.Valid(header) {
		return nil, invalidJSON(header)
	}
	parsed := gjson.Parse(header)
	elements := parsed.Array()
	if parsed.Type == gjson.String {
		elements = nil
		for topic := range strings.SplitSeq(parsed.Str, ",") {
			elements = append(elements, gjson.Result{Type: gjson.String, Str: topic})
		}
	} else if !parsed.IsArray() || len(elements) == 0 {
		return nil, invalidAssignments(header)
	}
	var list []assignment
	for _, el := range elements {
		if el.Type == gjson.String {
			list = append(list, s.wholeTopic(el.Str, since)...)
			continue
		}
		a, ok := parseAssignment(el)
		if !ok {
			return nil, invalidAssignments(header)
		}
		list = append(list, a)
	}
	return list, nil
}

// wholeTopic is a topic given by name: all its partitions.
func (s *Service) wholeTopic(topic string, since instant) []assignment {
	var list []assignment
	for _, number := range s.log.partitions(topic) {
		a := assignment{partition: partition{topic, number}}
		if a.timestamp = since; !since.ok {
			a.offset = instant{atEnd, true}
			a.raw = string(atOffset(a.partition, atEnd))
		}
		list = append(list, a)
	}
	return list
}

func parseAssignment(el gjson.Result) (assignment, bool) {
	topic, number := el.Get("topic"), el.Get("partition")
	offset, timestamp := el.Get("offset"), el.Get("timestamp")
	ok := el.IsObject() && topic.Type == gjson.String && isInteger(number) && (isInteger(offset) || isInteger(timestamp))
	return assignment{
		partition: partition{topic.Str, int(number.Int())},
		offset:    instant{offset.Int(), offset.Exists()},
		timestamp: instant{timestamp.Int(), timestamp.Exists()},
		raw:       el.Get("@ugly").Raw,
	}, ok
}

func isInteger(v gjson.Result) bool {
	return v.Type == gjson.Number && v.Num == float64(int64(v.Num))
}

func checkTopics(list []assignment, available []string) *refusal {
	var missing []string
	for _, a := range list {
		if !slices.Contains(available, a.topic) && !slices.Contains(missing, a.topic) {
			missing = append(missing, a.topic)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return topicNotAvailable(missing, available)
}

// resolve turns times into positions in the log. If any element needs that,
// elements with both an offset and a time are dropped, and elements without a time
// come first. This is a quirk of the service.
func (s *Service) resolve(list []assignment) (identity, *refusal) {
	var plain, timed []assignment
	for _, a := range list {
		switch {
		case a.timestamp.ok && !a.offset.ok:
			timed = append(timed, a)
		case !a.timestamp.ok:
			plain = append(plain, a)
		}
	}
	if len(timed) == 0 {
		plain = list
	}
	var ids identity
	for _, a := range plain {
		ids = ids.with(a.partition, s.log.sequence(a.partition, a.offset.ms), []byte(a.raw))
	}
	for _, a := range timed {
		if a.timestamp.ms < 0 {
			return nil, negativeTime()
		}
		offset := s.log.offsetAt(a.partition, a.timestamp.ms)
		ids = ids.with(a.partition, s.log.sequence(a.partition, offset), lookedUp(a.partition, offset))
	}
	return ids, nil
}

// with adds an element, or replaces the one for its topic-partition.
func (ids identity) with(p partition, from int64, id []byte) identity {
	if el := ids.find(p.topic, p.number); el != nil {
		el.from, el.id = from, id
		return ids
	}
	return append(ids, &element{partition: p, from: from, id: id})
}

// start returns the first sequence number that any of the elements needs.
func (ids identity) start() int64 {
	var first int64
	for i, el := range ids {
		if i == 0 || el.from < first {
			first = el.from
		}
	}
	return first
}

// syntaxError returns JavaScript's message for invalid JSON.
func syntaxError(text string) string {
	var bad *json.SyntaxError
	err := json.Unmarshal([]byte(text), new(json.RawMessage))
	if !errors.As(err, &bad) || int(bad.Offset) > len(text) || strings.Contains(bad.Error(), "unexpected end") {
		return "Unexpected end of JSON input"
	}
	at := max(0, int(bad.Offset)-1)
	return "Unexpected token " + text[at:at+1] + " in JSON at position " + strconv.Itoa(at)
}
