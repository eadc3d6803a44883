package store

// pending is part of the nodes that have no evaluation yet: a search with one
// of them is refused.
type pending struct{}

func (pending) compile(b *binding) (matcher, error) {
	return nil, b.queryError(refuse(BadQuery, "this query is not supported yet"))
}

func (pending) bounds(_ *binding, list []bound) []bound { return list }

func (pending) plan() (aggPlan, error) {
	return nil, refuse(BadArgument, "this aggregation is not supported yet")
}

// IDs matches the documents with these ids.
type IDs struct {
	IDs []string
	pending
}

// Prefix matches documents in which a keyword, or a token of a text, begins
// with Value.
type Prefix struct {
	Field    string
	Value    string
	FoldCase bool // ASCII case does not matter
	pending
}

// Wildcard matches documents in which a keyword, or a token of a text, matches
// Pattern: * stands for any run of characters, ? for one, \ makes the next
// character literal.
type Wildcard struct {
	Field    string
	Pattern  string
	FoldCase bool // ASCII case does not matter
	pending
}

// DisMax matches documents that meet at least one of the queries. The score is
// the highest of theirs.
type DisMax struct {
	Queries []Query
	pending
}

// Constant matches the same documents as Query and gives each the same score.
type Constant struct {
	Query Query
	Score float64
	pending
}

// Boost matches the same documents as Query and multiplies its score by By.
type Boost struct {
	Query Query
	By    float64
	pending
}

// Span is one bucket of Ranges: From <= value < To. A nil limit is open.
type Span struct {
	Key      string // the name of the bucket; "" makes one from the limits
	From, To *float64
}

// Ranges counts documents by ranges of a number, which may overlap.
type Ranges struct {
	Field  string
	Ranges []Span
	Subs   []NamedAgg
	pending
}

// NamedQuery is one bucket of Filters.
type NamedQuery struct {
	Name  string // "" for all of an anonymous list
	Query Query
}

// Filters counts the documents that meet each of several conditions.
type Filters struct {
	Queries []NamedQuery
	Other   string // the name of a bucket for documents that meet none; "" leaves it out
	Subs    []NamedAgg
	pending
}

// Without counts the documents in which a field has no value.
type Without struct {
	Field string
	Subs  []NamedAgg
	pending
}

// Stats works out count, minimum, maximum and sum of the values of a field.
type Stats struct {
	Field string
	pending
}

// Percentiles works out the values below which the given percentages of the
// values of a field lie.
type Percentiles struct {
	Field    string
	Percents []float64 // 0 to 100
	pending
}

// TopHits returns the first documents of a bucket.
type TopHits struct {
	Sort       []Sort // none: by score
	From, Size int
	Source     bool // hits carry the documents
	pending
}

// Sampler runs its sub-aggregations over the Size best documents of each index.
type Sampler struct {
	Size int
	Subs []NamedAgg
	pending
}

// SignificantTerms finds the values of a keyword field that are more frequent
// in the documents of the bucket than in the background.
type SignificantTerms struct {
	Field      string
	Size       int
	MinDocs    int64
	Background Query // nil: all documents
	Subs       []NamedAgg
	pending
}

// StatsResult is the result of Stats.
type StatsResult struct {
	Count              int64
	Min, Max, Sum, Avg Number // Avg, Min and Max are None without values
}

// PercentilesResult is the result of Percentiles, in the order of Percents.
type PercentilesResult struct {
	Percents []float64
	Values   []Number
}

// HitsResult is the result of TopHits.
type HitsResult struct {
	Total    int64
	MaxScore *float64 // nil when the hits are sorted or there are none
	Hits     []Hit
}

// SignificantBucket is one bucket of a SignificantResult.
type SignificantBucket struct {
	Bucket
	Background int64 // documents of the background with the value
	Score      float64
}

// SignificantResult is the result of SignificantTerms.
type SignificantResult struct {
	Docs       int64 // documents of the bucket
	Background int64 // documents of the background
	List       []SignificantBucket
}

// CalendarUnit is the width of a DateHistogram's buckets that follow the calendar.
type CalendarUnit string

// The calendar units, by Elasticsearch's names.
const (
	Minute  CalendarUnit = "minute"
	Hour    CalendarUnit = "hour"
	Day     CalendarUnit = "day"
	Week    CalendarUnit = "week" // begins on Monday
	Month   CalendarUnit = "month"
	Quarter CalendarUnit = "quarter"
	Year    CalendarUnit = "year"
)

// Avg is the mean of the values. Like Min and Max, it is None without values,
// and a Terms can be ordered by it.
const Avg MetricOp = "avg"
