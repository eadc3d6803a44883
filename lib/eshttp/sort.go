package eshttp

import (
	"strings"

	"github.com/wmtools/wm/lib/store"
)

const (
	docOrder = "_doc"
	shardDoc = "_shard_doc"
	byScore  = "_score"
)

// parseSort parses "field", {"field":"desc"}, {"field":{"order":"desc"}} or an array of
// these.
func parseSort(t tree) ([]store.Sort, error) {
	var list []store.Sort
	for _, one := range t.each() {
		if one.kind == 's' {
			list = append(list, sortBy(one.scalar.Text))
		}
		for _, m := range one.members {
			k := sortBy(m.key)
			var err error
			if m.kind == 's' {
				k.Desc, err = descending(m.scalar.Text)
			} else {
				err = sortOptions(&k, m.tree)
			}
			if err != nil {
				return nil, err
			}
			list = append(list, k)
		}
	}
	return checkSort(list)
}

// sortBy returns a sort by a field in its default direction.
func sortBy(field string) store.Sort { return store.Sort{Field: field, Desc: field == byScore} }

// sortParam parses the parameter sort: "field:desc,other".
func sortParam(s string) ([]store.Sort, error) {
	var list []store.Sort
	for one := range strings.SplitSeq(s, ",") {
		field, direction, given := strings.Cut(one, ":")
		k := sortBy(field)
		if given {
			var err error
			if k.Desc, err = descending(direction); err != nil {
				return nil, err
			}
		}
		list = append(list, k)
	}
	return checkSort(list)
}

func checkSort(list []store.Sort) ([]store.Sort, error) {
	for _, k := range list {
		if k.Field == "" || k.Field[0] == '_' && k.Field != docOrder && k.Field != shardDoc && k.Field != byScore {
			return nil, illegal("[sort] by [%s] is not supported by wm-store", k.Field)
		}
	}
	if len(list) == 1 && list[0].Field == byScore && list[0].Desc {
		return nil, nil // the default order
	}
	return list, nil
}

func sortOptions(k *store.Sort, t tree) error {
	return t.read(params{
		"order":         setText(&k.Desc, descending),
		"missing":       set(&k.MissingFirst, missingFirst),
		"format":        setText(&k.Format, store.ParseFormat),
		"unmapped_type": set(&k.Unmapped, plain),
	}, failedIn("field_sort"))
}

func missingFirst(m member) (bool, error) {
	if s := m.scalar.Text; s != "_first" && s != "_last" {
		return false, illegal("[missing] of wm-store is _first or _last, found [%s]", s)
	}
	return m.scalar.Text == "_first", nil
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
