package event

import (
	"slices"

	"github.com/wmtools/wm/lib/jsonscan"
)

// Lookup finds the values from which some derived fields are computed, for code
// that finds other fields of a line in the same pass. It is safe for concurrent
// use.
type Lookup struct {
	inputs []input
}

// input is a value that derived fields are computed from.
type input struct {
	field field
	slot  int // of the jsonscan.Paths
	depth int // objects around the value
}

// NewLookup adds to p the paths of the values that the derived fields of some
// names (see DerivedNames) are computed from. Other names are ignored.
func NewLookup(p *jsonscan.Paths, names ...string) *Lookup {
	l := new(Lookup)
	for _, name := range names {
		for _, f := range inputsOf[name] {
			if !slices.ContainsFunc(l.inputs, func(in input) bool { return in.field == f }) {
				path := inputPaths[f]
				l.inputs = append(l.inputs, input{f, p.Add(path...), len(path)})
			}
		}
	}
	return l
}

// inputsOf are the fields that each derived field is computed from. Some are
// objects whose members are used.
var inputsOf = map[string][]field{
	"@timestamp":   {fieldMetaDT, fieldDT, fieldTime},
	"wm.wiki":      {fieldWiki, fieldDatabase, fieldWikiID},
	"wm.user":      {fieldUser, fieldPerformer, fieldEditor},
	"wm.page":      {fieldWiki, fieldDatabase, fieldWikiID, fieldTitle, fieldPageTitle, fieldPagePageTitle},
	"wm.user_kind": {fieldUser, fieldPerformer, fieldEditor, fieldBot, fieldWiki, fieldType, fieldMetaStream},
	"wm.rev":       {fieldRevision, fieldRevID},
	"wm.delta":     {fieldLength},
	"wm.lag_ms":    {fieldMetaDT, fieldTime},
	"wm.revert":    {fieldType, fieldComment},
	"wm.talk":      {fieldNamespace, fieldPageNamespace, fieldPageNamespaceID},
	"wm.risk":      {fieldClassification},
}

var inputPaths = map[field][]string{
	fieldMetaDT: {"meta", "dt"}, fieldMetaStream: {"meta", "stream"}, fieldDT: {"dt"}, fieldTime: {"timestamp"},
	fieldWiki: {"wiki"}, fieldDatabase: {"database"}, fieldWikiID: {"wiki_id"},
	fieldUser: {"user"}, fieldPerformer: {"performer"}, fieldEditor: {"revision", "editor"}, fieldBot: {"bot"},
	fieldTitle: {"title"}, fieldPageTitle: {"page_title"}, fieldPagePageTitle: {"page", "page_title"},
	fieldNamespace: {"namespace"}, fieldPageNamespace: {"page_namespace"}, fieldPageNamespaceID: {"page", "namespace_id"},
	fieldRevision: {"revision"}, fieldRevID: {"rev_id"}, fieldLength: {"length"}, fieldType: {"type"}, fieldComment: {"comment"},
	fieldClassification: {"predicted_classification"},
}

// Read reads the values that the paths of a Lookup found in a line. Afterwards,
// Derive returns the derived fields of the Lookup; other fields, and the other
// methods of s, are meaningless. Only the values are validated. The error is
// jsonscan.ErrTooDeep or matches jsonscan.ErrNotObject.
func (s *Scanned) Read(l *Lookup, line []byte, found []jsonscan.Span) error {
	s.fields = fields{}
	w := walk{line: line, text: jsonscan.View(line), fields: &s.fields}
	for _, in := range l.inputs {
		at := found[in.slot]
		if at.End == 0 || s.fields[in.field] != "" {
			continue
		}
		if end := w.value(at.Start, in.depth, in.field); end != at.End {
			return jsonscan.Diagnose(line)
		}
		s.fields[in.field] = value(w.text[at.Start:at.End])
	}
	return nil
}
