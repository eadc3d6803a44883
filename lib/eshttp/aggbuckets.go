package eshttp

import (
	"strconv"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/store"
)

// terms reads a ranking of the values of a field.
func (a *agg) terms(t tree) (store.Agg, error) {
	q := store.Terms{Size: 10, MinDocs: 1, Subs: runs(a.subs)}
	p := a.ranking(&q.Field, &q.Size, &q.MinDocs)
	p["order"] = set(&q.Order, parseOrders)
	p["missing"] = set(&q.Missing, func(m member) (*store.Scalar, error) { return &m.scalar, nil })
	p["include"] = set(&q.Include, exactValues)
	p["exclude"] = set(&q.Exclude, exactValues)
	err := t.read(p, failedIn(a.typ))
	return q, orNeedField(err, q.Field)
}

// ranking returns the parameters of terms and significant_terms. Some affect only how
// terms are computed, not the result.
func (a *agg) ranking(field *string, size *int, minDocs *int64) params {
	// With 0 there would also be terms without documents, which is not supported.
	atLeastOne := func(m member) (int64, error) {
		n, err := a.positive(m)
		return int64(n), err
	}
	return params{
		"field":          set(field, plain),
		"size":           set(size, a.positive),
		"min_doc_count":  set(minDocs, atLeastOne),
		"shard_size":     ignore,
		"execution_hint": ignore,
		"collect_mode":   ignore,
	}
}

// exactValues parses a list of values. A single string would be a regular expression,
// which is not supported.
func exactValues(m member) ([]store.Scalar, error) {
	if m.kind != '[' {
		return nil, illegal("[%s] of wm-store is a list of values", m.key)
	}
	list := []store.Scalar{}
	for _, v := range m.list {
		list = append(list, v.scalar)
	}
	return list, nil
}

// parseOrders reads {"_count":"desc"} or an array of such.
func parseOrders(t member) ([]store.Order, error) {
	var list []store.Order
	for _, one := range t.each() {
		if one.kind != '{' || len(one.members) != 1 {
			return nil, one.parsing("Must specify at least one field for [order]")
		}
		m := one.members[0]
		o := store.Order{By: m.key}
		switch strings.ToLower(m.scalar.Text) {
		case "asc":
		case "desc":
			o.Desc = true
		default:
			return nil, m.parsing("Unknown order direction [%s]", m.scalar.Text)
		}
		if o.By == "_term" {
			o.By = "_key"
		}
		list = append(list, o)
	}
	return list, nil
}

// significantTerms scores by JLH, which is also Elasticsearch's default.
func (a *agg) significantTerms(t tree) (store.Agg, error) {
	q := store.SignificantTerms{Size: 10, MinDocs: 3, Subs: runs(a.subs)}
	p := a.ranking(&q.Field, &q.Size, &q.MinDocs)
	p["background_filter"] = setTree(&q.Background, parseQuery)
	p["jlh"] = func(m member) error {
		if m.kind != '{' || len(m.members) > 0 {
			return errUnknown
		}
		return nil
	}
	err := t.read(p, failedIn(a.typ))
	return q, orNeedField(err, q.Field)
}

// dateHistogram parses a date_histogram.
func (a *agg) dateHistogram(t tree) (store.Agg, error) {
	q := store.DateHistogram{Subs: runs(a.subs)}
	width := ""
	interval := func(m member) error {
		if width != "" {
			return illegal("Cannot use [%s] with [%s] configuration option.", m.key, width)
		}
		width = m.key
		return setInterval(&q, m)
	}
	err := t.read(params{
		"field":             set(&q.Field, plain),
		"fixed_interval":    interval,
		"calendar_interval": interval,
		"format":            setText(&q.Format, store.ParseFormat),
		"time_zone":         setText(&q.Zone, zone),
		"offset":            set(&q.Offset, offset),
		"min_doc_count":     set(&q.MinDocs, a.minDocs),
		"extended_bounds":   func(m member) error { return extendedBounds(&q, m.tree) },
		"keyed":             set(&a.keyed, member.truth),
	}, failedIn(a.typ))
	if err == nil && width == "" {
		return nil, ofShards(illegal("Invalid interval specified, must be non-null and non-empty"))
	}
	return q, orNeedField(err, q.Field)
}

func (a *agg) minDocs(m member) (int64, error) {
	n, err := strconv.ParseInt(m.scalar.Text, 10, 64)
	if err != nil || n < 0 {
		return 0, illegal("[minDocCount] must be greater than or equal to 0. Found [%s] in [%s]", m.scalar.Text, a.name)
	}
	return n, nil
}

var calendarUnits = map[string]store.CalendarUnit{
	"minute": store.Minute, "1m": store.Minute, "hour": store.Hour, "1h": store.Hour, "day": store.Day, "1d": store.Day,
	"week": store.Week, "1w": store.Week, "month": store.Month, "1M": store.Month, "quarter": store.Quarter, "1q": store.Quarter,
	"year": store.Year, "1y": store.Year,
}

func setInterval(q *store.DateHistogram, m member) (err error) {
	s := m.scalar.Text
	if m.key == "calendar_interval" {
		if q.Calendar = calendarUnits[s]; q.Calendar == "" {
			return illegal("The supplied interval [%s] could not be parsed as a calendar interval.", s)
		}
		return nil
	}
	if q.Interval, err = duration("date_histogram.fixedInterval", s); err == nil && q.Interval.Milliseconds() == 0 {
		err = illegal("[interval] must be 1 or greater for aggregation [date_histogram]")
	}
	return err
}

// offset reads a time value with a sign, or a number of milliseconds.
func offset(m member) (d time.Duration, err error) {
	s := m.scalar.Text
	digits := strings.TrimLeft(s, "+-")
	if _, err := strconv.Atoi(digits); err == nil {
		digits += "ms"
	}
	if d, err = duration("DateHistogramAggregationBuilder.parseOffset", digits); strings.HasPrefix(s, "-") {
		d = -d
	}
	return d, err
}

func extendedBounds(q *store.DateHistogram, t tree) error {
	bound := func(m member) (*store.Scalar, error) {
		if !m.isScalar() {
			return nil, m.content("[extended_bounds] %s doesn't support values of type: %s", m.key, m.token())
		}
		return &m.scalar, nil
	}
	return t.read(params{"min": set(&q.From, bound), "max": set(&q.To, bound)}, unknownTo("extended_bounds"))
}
