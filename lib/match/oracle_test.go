package match_test

import (
	"bytes"
	"encoding/json"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/match"
	"github.com/wmtools/wm/lib/words"
)

// The oracle judges a line by the definition of the language: it decodes the
// whole line with encoding/json and takes no short cuts.

// members are those of an object; if a key repeats, the first one.
type members map[string]any

type oracle struct {
	root  any
	line  []byte
	depth int
}

// newOracle reports false for a line that is not a valid JSON object.
func newOracle(line []byte) (o *oracle, ok bool) {
	if trimmed := bytes.Trim(line, " \t\r\n"); len(trimmed) == 0 || trimmed[0] != '{' || !json.Valid(line) {
		return nil, false
	}
	o = &oracle{line: line}
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	o.root = o.decode(d, 1)
	return o, true
}

func (o *oracle) decode(d *json.Decoder, depth int) any {
	token, err := d.Token()
	if err != nil {
		panic(err) // the line is valid
	}
	delim, ok := token.(json.Delim)
	if !ok {
		return token
	}
	o.depth = max(o.depth, depth)
	object, array := members{}, []any{}
	for d.More() {
		if delim == '[' {
			array = append(array, o.decode(d, depth+1))
			continue
		}
		key, err := d.Token()
		if err != nil {
			panic(err)
		}
		value := o.decode(d, depth+1)
		if _, twice := object[key.(string)]; twice {
			continue
		}
		object[key.(string)] = value
	}
	if _, err := d.Token(); err != nil {
		panic(err)
	}
	if delim == '[' {
		return array
	}
	return object
}

func (o *oracle) get(path ...string) (value any, ok bool) {
	value, ok = o.root, true
	for _, key := range path {
		switch in := value.(type) {
		case members:
			value, ok = in[key]
		case []any:
			i, err := strconv.ParseUint(key, 10, 31)
			if ok = err == nil && i < uint64(len(in)); ok {
				value = in[i]
			}
		default:
			ok = false
		}
		if !ok {
			return nil, false
		}
	}
	return value, true
}

func (o *oracle) matches(q *match.Query, opts match.Options) bool {
	held := func(t *match.Term) bool { return o.holds(t, opts.FoldCase) != t.Negate }
	if opts.Any && len(q.Terms) > 0 {
		return slices.ContainsFunc(q.Terms, held)
	}
	return !slices.ContainsFunc(q.Terms, func(t *match.Term) bool { return !held(t) })
}

func (o *oracle) holds(t *match.Term, fold bool) bool {
	if t.Op == match.Words {
		fields := []string{"title", "comment", "user"}
		if t.Path != nil {
			fields = t.Path
		}
		return slices.ContainsFunc(fields, func(field string) bool {
			value, _ := o.get(field)
			text, ok := value.(string)
			return ok && consecutive(slices.Collect(words.Tokens(text)), t.Tokens)
		})
	}
	value, ok := o.get(t.Path...)
	if !ok && isDerived(t) {
		value, ok = o.derive(t.Field())
	}
	if t.Op == match.Exists {
		return ok && value != nil
	}
	return ok && fulfils(value, t, fold)
}

func consecutive(tokens, phrase []string) bool {
	for i := range tokens {
		if len(tokens)-i >= len(phrase) && slices.Equal(tokens[i:i+len(phrase)], phrase) {
			return true
		}
	}
	return false
}

func isDerived(t *match.Term) bool {
	return len(t.Path) == 2 && t.Path[0] == "wm" || t.Field() == "@timestamp"
}

func (o *oracle) derive(field string) (any, bool) {
	d := event.New(o.line).Derive()
	text := func(s string) (any, bool) { return s, s != "" }
	switch field {
	case "@timestamp":
		return d.Timestamp.Format("2006-01-02T15:04:05.000Z"), !d.Timestamp.IsZero()
	case "wm.wiki":
		return text(d.Wiki)
	case "wm.user":
		return text(d.User)
	case "wm.page":
		return text(d.Page)
	case "wm.user_kind":
		return text(d.UserKind)
	case "wm.delta":
		return json.Number(strconv.FormatInt(d.Delta.Value, 10)), d.Delta.OK
	case "wm.lag_ms":
		return json.Number(strconv.FormatInt(d.LagMS.Value, 10)), d.LagMS.OK
	case "wm.revert":
		return d.Revert.Value, d.Revert.OK
	case "wm.talk":
		return d.Talk.Value, d.Talk.OK
	case "wm.rev":
		return json.Number(strconv.FormatInt(d.Rev.Value, 10)), d.Rev.OK
	case "wm.risk":
		return json.Number(strconv.FormatFloat(d.Risk.Value, 'f', -1, 64)), d.Risk.OK
	}
	return nil, false
}

func fulfils(value any, t *match.Term, fold bool) bool {
	var written string
	switch v := value.(type) {
	case members:
		return false
	case []any:
		return slices.ContainsFunc(v, func(el any) bool { return fulfils(el, t, fold) })
	case string:
		written = v
	case json.Number:
		written = v.String()
	case bool:
		written = strconv.FormatBool(v)
	case nil:
		written = "null"
	}
	switch t.Op {
	case match.Equal:
		return slices.ContainsFunc(t.Values, func(v match.Value) bool { return equals(value, written, v) })
	case match.Like:
		expr := t.Values[0].Text
		if fold {
			expr = "(?i:" + expr + ")"
		}
		return regexp.MustCompile(expr).MatchString(written)
	}
	number, ok := value.(json.Number)
	return ok && inOrder(t.Op, order(number.String(), t.Values[0].Text))
}

func equals(value any, written string, v match.Value) bool {
	switch value.(type) {
	case string:
		return written == v.Text
	case json.Number:
		return v.Kind == match.Number && order(written, v.Text) == 0
	case bool:
		return v.Kind == match.Bool && written == v.Text
	}
	return v.Kind == match.Null
}

func inOrder(op match.Op, order int) bool {
	switch op {
	case match.Less:
		return order < 0
	case match.LessEqual:
		return order <= 0
	case match.Greater:
		return order > 0
	}
	return order >= 0
}

// order compares numbers: exactly if both are integers of 64 bits.
func order(a, b string) int {
	x, okX := new(big.Int).SetString(a, 10)
	y, okY := new(big.Int).SetString(b, 10)
	if okX && okY && x.BitLen() <= 64 && y.BitLen() <= 64 {
		return x.Cmp(y)
	}
	// A number out of range is infinite; ParseFloat also returns an error for it.
	f, _ := strconv.ParseFloat(a, 64)
	g, _ := strconv.ParseFloat(b, 64)
	switch {
	case f < g:
		return -1
	case f > g:
		return 1
	}
	return 0
}

// inBounds reports whether the time of an event is within the times of Options.
func inBounds(line []byte, since, until time.Time) bool {
	t := event.New(line).Time()
	return !t.IsZero() && !t.Before(since) && (until.IsZero() || t.Before(until))
}
