package eshttp

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/store"
)

// parseAggs reads aggregations: {"name":{"terms":{...},"aggs":{...}}}.
func parseAggs(t tree) ([]store.NamedAgg, error) {
	if t.kind != '{' {
		return nil, parsing("Expected [START_OBJECT] under [aggs], but got a [%s]", t.token())
	}
	var list []store.NamedAgg
	for _, m := range t.members {
		if m.key == "" || strings.ContainsAny(m.key, "[]>") {
			return nil, parsing("Invalid aggregation name [%s]. Aggregation names can contain any character except '[', ']', and '>'", m.key)
		}
		a, err := parseAgg(m.key, m.tree)
		if err != nil {
			return nil, err
		}
		list = append(list, store.NamedAgg{Name: m.key, Agg: a})
	}
	return list, nil
}

func parseAgg(name string, t tree) (store.Agg, error) {
	var subs []store.NamedAgg
	var body *member
	for _, m := range t.members {
		if m.key == "aggs" || m.key == "aggregations" {
			var err error
			if subs, err = parseAggs(m.tree); err != nil {
				return nil, err
			}
			continue
		}
		if body != nil {
			return nil, parsing("Found two aggregation type definitions in [%s]: [%s] and [%s]", name, body.key, m.key)
		}
		body = &m
	}
	if body == nil {
		return nil, parsing("Missing definition for aggregation [%s]", name)
	}
	parse, known := aggTypes[body.key]
	switch {
	case !known:
		return nil, parsing("Unknown aggregation type [%s]", body.key)
	case body.kind != '{':
		return nil, parsing("Expected [START_OBJECT] under [%s], but got a [%s] in [%s]", body.key, body.token(), name)
	case len(subs) > 0 && isMetric(body.key):
		return nil, illegal("Aggregator [%s] of type [%s] cannot accept sub-aggregations", name, body.key)
	}
	return parse(body.key, body.tree, subs)
}

type aggParser func(typ string, t tree, subs []store.NamedAgg) (store.Agg, error)

var aggTypes map[string]aggParser

func init() {
	aggTypes = map[string]aggParser{
		"terms":                  parseTermsAgg,
		"date_histogram":         parseHistogram,
		"filter":                 parseFilterAgg,
		"cardinality":            parseCardinality,
		string(store.Sum):        parseMetric,
		string(store.Min):        parseMetric,
		string(store.Max):        parseMetric,
		string(store.ValueCount): parseMetric,
	}
}

func isMetric(typ string) bool {
	return !slices.Contains([]string{"terms", "date_histogram", "filter"}, typ)
}

// unknownField is the error of a parameter that an aggregation does not have.
func unknownField(typ, key string) error {
	return refuse("x_content_parse_exception", "[%s] unknown field [%s]", typ, key)
}

func badField(typ, key string, format string, args ...any) error {
	e := refuse("x_content_parse_exception", "[%s] failed to parse field [%s]", typ, key)
	e.cause = illegal(format, args...)
	return e
}

func parseFilterAgg(_ string, t tree, subs []store.NamedAgg) (store.Agg, error) {
	q, err := parseQuery(t)
	return store.Filter{Query: q, Subs: subs}, err
}

// parseMetric reads {"field":"name"}.
func parseMetric(typ string, t tree, _ []store.NamedAgg) (store.Agg, error) {
	field, err := onlyField(typ, t)
	return store.Metric{Op: store.MetricOp(typ), Field: field}, err
}

// parseCardinality passes precision_threshold over: the count is exact.
func parseCardinality(typ string, t tree, _ []store.NamedAgg) (store.Agg, error) {
	field, err := onlyField(typ, t, "precision_threshold")
	return store.Cardinality{Field: field}, err
}

// onlyField reads the field of an aggregation that has nothing else to say
// that would change its result.
func onlyField(typ string, t tree, harmless ...string) (string, error) {
	field := ""
	for _, m := range t.members {
		switch {
		case m.key == "field" && m.isScalar():
			field = m.scalar.Text
		case !slices.Contains(harmless, m.key):
			return "", unknownField(typ, m.key)
		}
	}
	return field, needField(field)
}

func needField(field string) error {
	if field == "" {
		return illegal("Required one of fields [field, script], but none were specified.")
	}
	return nil
}

func parseTermsAgg(typ string, t tree, subs []store.NamedAgg) (store.Agg, error) {
	a := store.Terms{Size: 10, MinDocs: 1, Subs: subs}
	var err error
	for _, m := range t.members {
		switch m.key {
		case "field":
			a.Field = m.scalar.Text
		case "size":
			a.Size, err = positive(typ, m)
		case "min_doc_count":
			var n int
			n, err = positive(typ, m) // 0 would list terms that no document here has
			a.MinDocs = int64(n)
		case "order":
			a.Order, err = parseOrders(m.tree)
		case "shard_size", "execution_hint", "collect_mode": // how, not what
		default:
			err = unknownField(typ, m.key)
		}
		if err != nil {
			return nil, err
		}
	}
	return a, needField(a.Field)
}

func positive(typ string, m member) (int, error) {
	n, err := strconv.Atoi(m.scalar.Text)
	if err != nil || n < 1 {
		return 0, badField(typ, m.key, "[%s] must be greater than 0. Found [%s]", m.key, m.scalar.Text)
	}
	return n, nil
}

// parseOrders reads {"_count":"desc"} or an array of such.
func parseOrders(t tree) ([]store.Order, error) {
	var list []store.Order
	for _, one := range t.each() {
		if one.kind != '{' || len(one.members) != 1 {
			return nil, parsing("Must specify exactly one order key in each element of [order]")
		}
		m := one.members[0]
		desc, err := descending(m.scalar.Text)
		if err != nil {
			return nil, parsing("Unknown order direction [%s]", m.scalar.Text)
		}
		list = append(list, store.Order{By: m.key, Desc: desc})
	}
	return list, nil
}

func descending(s string) (bool, error) {
	switch strings.ToLower(s) {
	case "asc":
		return false, nil
	case "desc":
		return true, nil
	}
	return false, illegal("No enum constant org.elasticsearch.search.sort.SortOrder.%s", strings.ToUpper(s))
}

func parseHistogram(typ string, t tree, subs []store.NamedAgg) (store.Agg, error) {
	a := store.DateHistogram{Subs: subs}
	var err error
	for _, m := range t.members {
		switch m.key {
		case "field":
			a.Field = m.scalar.Text
		case "fixed_interval", "calendar_interval":
			if a.Interval != 0 {
				return nil, illegal("Cannot use [%s] with another interval", m.key)
			}
			a.Interval, err = interval(typ, m)
		case "format":
			a.Format, err = store.ParseFormat(m.scalar.Text)
		case "min_doc_count":
			if a.MinDocs, err = strconv.ParseInt(m.scalar.Text, 10, 64); err != nil || a.MinDocs < 0 {
				err = badField(typ, m.key, "[minDocCount] must be greater than or equal to 0. Found [%s]", m.scalar.Text)
			}
		case "extended_bounds":
			err = extendedBounds(&a, m.tree)
		default:
			err = unknownField(typ, m.key)
		}
		if err != nil {
			return nil, err
		}
	}
	if a.Interval == 0 {
		return nil, illegal("Invalid interval specified, must be non-null and non-empty")
	}
	return a, needField(a.Field)
}

// calendarUnits are the calendar intervals that are the same everywhere in UTC.
var calendarUnits = map[string]time.Duration{
	"minute": time.Minute, "1m": time.Minute, "hour": time.Hour, "1h": time.Hour, "day": 24 * time.Hour, "1d": 24 * time.Hour,
}

func interval(typ string, m member) (time.Duration, error) {
	s := m.scalar.Text
	if m.key == "calendar_interval" {
		if d := calendarUnits[s]; d != 0 {
			return d, nil
		}
		return 0, badField(typ, m.key, "The supplied interval [%s] could not be parsed as a calendar interval; wm-store knows minute, hour and day.", s)
	}
	d, err := duration(s)
	if err != nil || d < time.Millisecond {
		return 0, badField(typ, m.key, "failed to parse setting [date_histogram.fixedInterval] with value [%s] as a time value: unit is missing or unrecognized", s)
	}
	return d, nil
}

var timeUnits = []struct {
	suffix string
	unit   time.Duration
}{{"ms", time.Millisecond}, {"s", time.Second}, {"m", time.Minute}, {"h", time.Hour}, {"d", 24 * time.Hour}}

// duration reads a time value such as 30s.
func duration(s string) (time.Duration, error) {
	for _, u := range timeUnits {
		digits, ok := strings.CutSuffix(s, u.suffix)
		if n, err := strconv.ParseInt(digits, 10, 32); ok && err == nil && n >= 0 {
			return time.Duration(n) * u.unit, nil
		}
	}
	return 0, illegal("failed to parse time value [%s]: unit is missing or unrecognized", s)
}

func extendedBounds(a *store.DateHistogram, t tree) error {
	for _, m := range t.members {
		if !m.isScalar() {
			return refuse("x_content_parse_exception", "[extended_bounds] failed to parse field [%s]", m.key)
		}
		switch m.key {
		case "min":
			a.From = &m.scalar
		case "max":
			a.To = &m.scalar
		default:
			return unknownField("extended_bounds", m.key)
		}
	}
	return nil
}
