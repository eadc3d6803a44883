package store

import (
	"cmp"
	"slices"
)

// FieldInfo describes the capabilities of a field of an index.
type FieldInfo struct {
	Name         string
	Type         Type // "object" for an object; for a metadata field, its name
	Metadata     bool
	Searchable   bool
	Aggregatable bool
}

// metadataFields are the fields that every index has.
var metadataFields = []FieldInfo{
	{Name: "_id", Type: "_id", Metadata: true, Searchable: true},
	{Name: "_ignored", Type: "_ignored", Metadata: true, Searchable: true},
	{Name: "_source", Type: "_source", Metadata: true},
}

// Fields describes the fields of an index by name: those of the mapping,
// objects, and the metadata fields.
func (s *Store) Fields(index string) ([]FieldInfo, error) {
	ix, err := s.find(index)
	if err != nil {
		return nil, err
	}
	list := slices.Clone(metadataFields)
	mapping := ix.mapping.Load()
	for _, f := range mapping.fields {
		list = append(list, FieldInfo{Name: f.Name, Type: f.Type, Searchable: f.indexed || f.docValues, Aggregatable: f.docValues})
	}
	list = mapping.root.infos(list)
	slices.SortFunc(list, func(a, b FieldInfo) int { return cmp.Compare(a.Name, b.Name) })
	return list, nil
}

// infos appends the objects in an object.
func (o *object) infos(list []FieldInfo) []FieldInfo {
	for _, n := range o.children {
		if n != nil && n.object != nil {
			list = append(list, FieldInfo{Name: n.object.path, Type: "object"})
			list = n.object.infos(list)
		}
	}
	return list
}
