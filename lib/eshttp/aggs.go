package eshttp

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/store"
)

// agg is an aggregation of a request, and how to render its result.
type agg struct {
	name, typ string
	meta      []byte // JSON, returned unchanged; nil for none
	keyed     bool   // buckets or values are an object rather than an array
	spans     []store.Span
	docs      sourceFilter // of top_hits
	subs      []agg
	run       store.Agg
}

// runs returns the aggregations for the store.
func runs(list []agg) []store.NamedAgg {
	var named []store.NamedAgg
	for _, a := range list {
		named = append(named, store.NamedAgg{Name: a.name, Agg: a.run})
	}
	return named
}

// parseAggs reads aggregations: {"name":{"terms":{...},"aggs":{...}}}.
func parseAggs(t tree) ([]agg, error) {
	if t.kind != '{' {
		return nil, t.parsing("Expected [START_OBJECT] under [aggs], but got a [%s]", t.token())
	}
	var list []agg
	for _, m := range t.members {
		if m.key == "" || strings.ContainsAny(m.key, "[]>") {
			return nil, parsingAt(m.body, m.keyAt, "Invalid aggregation name [%s]. Aggregation names can contain any character except '[', ']', and '>'", m.key)
		}
		a, err := parseAgg(m)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}

func parseAgg(t member) (a agg, err error) {
	a.name = t.key
	var body *member
	for _, m := range t.members {
		switch {
		case m.key == "aggs" || m.key == "aggregations":
			if a.subs, err = parseAggs(m.tree); err != nil {
				return a, err
			}
		case m.key == "meta" && m.kind == '{':
			a.meta = m.raw()
		case m.kind != '{':
			return a, m.parsing("Expected [START_OBJECT] under [%s], but got a [%s] in [%s]", m.key, m.token(), t.key)
		case body != nil:
			return a, m.parsing("Found two aggregation type definitions in [%s]: [%s] and [%s]", t.key, body.key, m.key)
		default:
			body = &m
		}
	}
	if body == nil {
		return a, t.parsingEnd("Missing definition for aggregation [%s]", t.key)
	}
	parse, known := aggTypes[body.key]
	if !known {
		return a, unknownName(body.tree, "Unknown aggregation type [%s]", body.key)
	}
	a.typ = body.key
	if a.run, err = parse(&a, body.tree); err == nil && len(a.subs) > 0 && leaf(a.typ) {
		err = illegal("Aggregator [%s] of type [%s] cannot accept sub-aggregations", a.name, a.typ)
	}
	return a, err
}

var aggTypes map[string]func(*agg, tree) (store.Agg, error)

func init() {
	aggTypes = map[string]func(*agg, tree) (store.Agg, error){
		"terms":             (*agg).terms,
		"significant_terms": (*agg).significantTerms,
		"date_histogram":    (*agg).dateHistogram,
		"range":             (*agg).ranges,
		"filter":            (*agg).filter,
		"filters":           (*agg).filters,
		"missing":           (*agg).missing,
		"sampler":           (*agg).sampler,
		"top_hits":          (*agg).topHits,
		"cardinality":       (*agg).cardinality,
		"stats":             (*agg).stats,
		"percentiles":       (*agg).percentiles,
		"sum":               (*agg).metric,
		"min":               (*agg).metric,
		"max":               (*agg).metric,
		"avg":               (*agg).metric,
		"value_count":       (*agg).metric,
	}
}

// leaf reports whether an aggregation type cannot have sub-aggregations.
func leaf(typ string) bool {
	return slices.Contains([]string{"top_hits", "cardinality", "stats", "percentiles", "sum", "min", "max", "avg", "value_count"}, typ)
}

// onlyField parses an aggregation whose only parameter is its field.
func (a *agg) onlyField(t tree) (field string, err error) {
	err = t.read(params{"field": ofKind('s', set(&field, plain))}, failedIn(a.typ))
	return field, orNeedField(err, field)
}

func orNeedField(err error, field string) error {
	if err == nil && field == "" {
		return illegal("Required one of fields [field, script], but none were specified.")
	}
	return err
}

func (a *agg) filter(t tree) (store.Agg, error) {
	q, err := parseQuery(t)
	return store.Filter{Query: q, Subs: runs(a.subs)}, err
}

func (a *agg) metric(t tree) (store.Agg, error) {
	field, err := a.onlyField(t)
	return store.Metric{Op: store.MetricOp(a.typ), Field: field}, err
}

func (a *agg) stats(t tree) (store.Agg, error) {
	field, err := a.onlyField(t)
	return store.Stats{Field: field}, err
}

func (a *agg) missing(t tree) (store.Agg, error) {
	field, err := a.onlyField(t)
	return store.Without{Field: field, Subs: runs(a.subs)}, err
}

// cardinality ignores precision_threshold: the count is exact.
func (a *agg) cardinality(t tree) (store.Agg, error) {
	field := ""
	err := t.read(params{
		"field":          set(&field, plain),
		"execution_hint": ignore,
		"precision_threshold": func(m member) error {
			if n, err := strconv.ParseInt(m.scalar.Text, 10, 64); err != nil || n < 0 {
				return illegal("[precisionThreshold] must be greater than or equal to 0. Found [%s] in [%s]", m.scalar.Text, a.name)
			}
			return nil
		},
	}, failedIn(a.typ))
	return store.Cardinality{Field: field}, orNeedField(err, field)
}

func (a *agg) percentiles(t tree) (store.Agg, error) {
	q := store.Percentiles{Percents: []float64{1, 5, 25, 50, 75, 95, 99}}
	a.keyed = true
	err := t.read(params{
		"field":    set(&q.Field, plain),
		"percents": set(&q.Percents, a.percents),
		"keyed":    set(&a.keyed, member.truth),
		"tdigest":  ofKind('{', ignore), // sets the precision; results are exact here
	}, failedIn(a.typ))
	return q, orNeedField(err, q.Field)
}

func (a *agg) percents(m member) (list []float64, err error) {
	for _, v := range m.list {
		p, err := strconv.ParseFloat(v.scalar.Text, 64)
		if err != nil || p < 0 || p > 100 {
			return nil, illegal("percent must be in [0,100], got [%s]: [%s]", double(p), a.name)
		}
		list = append(list, p)
	}
	if len(list) == 0 {
		return nil, illegal("[percents] must not be empty: [%s]", a.name)
	}
	slices.Sort(list)
	return list, nil
}

func (a *agg) sampler(t tree) (store.Agg, error) {
	q := store.Sampler{Size: 100, Subs: runs(a.subs)}
	err := t.read(params{"shard_size": set(&q.Size, a.positive)}, failedIn(a.typ))
	if err == nil && len(a.subs) == 0 {
		err = ofShards(illegal("Sampler aggregation must be used with child aggregations."))
	}
	return q, err
}

func (a *agg) positive(m member) (int, error) {
	n, err := strconv.Atoi(m.scalar.Text)
	if err != nil {
		return 0, refuse("number_format_exception", "For input string: %q", m.scalar.Text)
	}
	if n < 1 {
		return 0, illegal("[%s] must be greater than 0. Found [%d] in [%s]", m.key, n, a.name)
	}
	return n, nil
}

// topHits parses the number of documents of each bucket to return, and their order.
func (a *agg) topHits(t tree) (store.Agg, error) {
	q := store.TopHits{Size: 3}
	a.docs = sourceFilter{all: true}
	err := t.read(params{
		"size":    set(&q.Size, natural),
		"from":    set(&q.From, natural),
		"sort":    setTree(&q.Sort, parseSort),
		"_source": setTree(&a.docs, parseSource),
	}, failedIn(a.typ))
	q.Source = !a.docs.none()
	return q, err
}

var timeUnits = []struct {
	suffix string
	unit   time.Duration
}{{"nanos", time.Nanosecond}, {"micros", time.Microsecond}, {"ms", time.Millisecond}, {"s", time.Second}, {"m", time.Minute},
	{"h", time.Hour}, {"d", 24 * time.Hour}}

// duration reads a time value such as 30s, for the setting that errors name.
func duration(setting, s string) (time.Duration, error) {
	for _, u := range timeUnits {
		digits, ok := strings.CutSuffix(s, u.suffix)
		if n, err := strconv.ParseInt(digits, 10, 32); ok && err == nil && n >= 0 {
			return time.Duration(n) * u.unit, nil
		}
	}
	return 0, illegal("failed to parse setting [%s] with value [%s] as a time value: unit is missing or unrecognized", setting, s)
}
