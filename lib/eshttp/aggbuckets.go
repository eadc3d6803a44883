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
	err := a.params(t, func(m member) (known bool, err error) {
		switch m.key {
		case "field":
			q.Field = m.scalar.Text
		case "size":
			q.Size, err = a.positive(m)
		case "min_doc_count":
			var n int
			n, err = a.positive(m) // 0 would also list terms without documents, which is not supported
			q.MinDocs = int64(n)
		case "order":
			q.Order, err = parseOrders(m)
		case "missing":
			q.Missing = &m.scalar
		case "include":
			q.Include, err = exactValues(m)
		case "exclude":
			q.Exclude, err = exactValues(m)
		default:
			return harmlessForTerms(m.key), nil
		}
		return true, err
	})
	return q, orNeedField(err, q.Field)
}

// harmlessForTerms reports whether a parameter affects only how terms are computed,
// not the result.
func harmlessForTerms(key string) bool {
	switch key {
	case "shard_size", "execution_hint", "collect_mode":
		return true
	}
	return false
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
	err := a.params(t, func(m member) (known bool, err error) {
		switch m.key {
		case "field":
			q.Field = m.scalar.Text
		case "size":
			q.Size, err = a.positive(m)
		case "min_doc_count":
			var n int
			n, err = a.positive(m)
			q.MinDocs = int64(n)
		case "background_filter":
			q.Background, err = parseQuery(m.tree)
		case "jlh":
			return m.kind == '{' && len(m.members) == 0, nil
		default:
			return harmlessForTerms(m.key), nil
		}
		return true, err
	})
	return q, orNeedField(err, q.Field)
}

// dateHistogram parses a date_histogram.
func (a *agg) dateHistogram(t tree) (store.Agg, error) {
	q := store.DateHistogram{Subs: runs(a.subs)}
	width := ""
	err := a.params(t, func(m member) (known bool, err error) {
		switch m.key {
		case "field":
			q.Field = m.scalar.Text
		case "fixed_interval", "calendar_interval":
			if width != "" {
				return true, illegal("Cannot use [%s] with [%s] configuration option.", m.key, width)
			}
			width = m.key
			err = setInterval(&q, m)
		case "format":
			q.Format, err = store.ParseFormat(m.scalar.Text)
		case "time_zone":
			q.Zone, err = zone(m.scalar.Text)
		case "offset":
			q.Offset, err = offset(m)
		case "min_doc_count":
			if q.MinDocs, err = strconv.ParseInt(m.scalar.Text, 10, 64); err != nil || q.MinDocs < 0 {
				err = illegal("[minDocCount] must be greater than or equal to 0. Found [%s] in [%s]", m.scalar.Text, a.name)
			}
		case "extended_bounds":
			err = extendedBounds(&q, m.tree)
		case "keyed":
			a.keyed, err = m.truth()
		default:
			return false, nil
		}
		return true, err
	})
	if err == nil && width == "" {
		e := illegal("Invalid interval specified, must be non-null and non-empty")
		e.shards = true
		return nil, e
	}
	return q, orNeedField(err, q.Field)
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
	for _, m := range t.members {
		if !m.isScalar() {
			return m.content("[extended_bounds] %s doesn't support values of type: %s", m.key, m.token())
		}
		switch m.key {
		case "min":
			q.From = &m.scalar
		case "max":
			q.To = &m.scalar
		default:
			return m.unknown("extended_bounds")
		}
	}
	return nil
}
