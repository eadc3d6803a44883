package store

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// wanted returns a constant of a query in the form of drawn.values.
func wanted(field string, s Scalar) any {
	switch field {
	case "ns", "@timestamp":
		n, _ := strconv.ParseInt(s.Text, 10, 64)
		return n
	case "x":
		x, _ := strconv.ParseFloat(s.Text, 64)
		return x
	case "bot":
		return int64(strings.Index("falsetrue", s.Text) / 5)
	}
	return s.Text
}

// naiveStrings matches strings, or the tokens of a text, with a regular expression.
func naiveStrings(field, pattern string, fold bool, d drawn) bool {
	pattern = `(?s)\A` + pattern + `\z`
	if fold {
		pattern = "(?i)" + pattern
	}
	re := regexp.MustCompile(pattern)
	return slices.ContainsFunc(d.values(field), func(v any) bool {
		if field == "title.text" {
			return slices.ContainsFunc(naiveTokens(v), re.MatchString)
		}
		return re.MatchString(v.(string))
	})
}

func naiveTokens(v any) []string {
	s, _ := v.(string)
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ' ' || r == '-' || r == ',' })
}

func compareAny(a, b any) int {
	switch a := a.(type) {
	case int64:
		return cmp.Compare(a, b.(int64))
	case float64:
		return cmp.Compare(a, b.(float64))
	}
	return cmp.Compare(a.(string), b.(string))
}

func naive(q Query, d drawn) bool {
	all := func(list []Query) (n int) {
		for _, sub := range list {
			if naive(sub, d) {
				n++
			}
		}
		return n
	}
	switch q := q.(type) {
	case All:
		return true
	case None:
		return false
	case IDs:
		return slices.Contains(q.IDs, d.id)
	case Constant:
		return naive(q.Query, d)
	case Boost:
		return naive(q.Query, d)
	case DisMax:
		return all(q.Queries) > 0
	case Prefix:
		return naiveStrings(q.Field, regexp.QuoteMeta(q.Value)+".*", q.FoldCase, d)
	case Wildcard:
		escaped := strings.NewReplacer(`\\\*`, `\*`, `\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(q.Pattern))
		return naiveStrings(q.Field, escaped, q.FoldCase, d)
	case Phrase:
		want := strings.Join(naiveTokens(q.Text.Text), " ")
		return want != "" && slices.ContainsFunc(d.values(q.Field), func(v any) bool {
			return strings.Contains(" "+strings.Join(naiveTokens(v), " ")+" ", " "+want+" ")
		})
	case Exists:
		return len(d.values(q.Field)) > 0
	case Term:
		return slices.ContainsFunc(d.values(q.Field), func(v any) bool {
			return slices.ContainsFunc(q.Values, func(s Scalar) bool {
				if q.Field == "title.text" {
					return slices.Contains(naiveTokens(v), s.Text)
				}
				return v == wanted(q.Field, s)
			})
		})
	case Match:
		var have []string
		for _, v := range d.values(q.Field) {
			have = append(have, naiveTokens(v)...)
		}
		want := naiveTokens(q.Text.Text)
		missing := slices.DeleteFunc(slices.Clone(want), func(w string) bool { return slices.Contains(have, w) })
		return len(missing) == 0 || !q.Every && len(missing) < len(want)
	case Range:
		return slices.ContainsFunc(d.values(q.Field), func(v any) bool {
			above := q.From == nil || compareAny(v, wanted(q.Field, *q.From)) > 0 || q.WithFrom && v == wanted(q.Field, *q.From)
			return above && (compareAny(v, wanted(q.Field, *q.To)) < 0 || q.WithTo && v == wanted(q.Field, *q.To))
		})
	case Bool:
		return all(q.Must) == len(q.Must) && all(q.MustNot) == 0 && all(q.Should) >= q.AtLeast
	}
	panic(fmt.Sprintf("%T", q))
}
