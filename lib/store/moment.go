package store

import (
	"encoding/base64"
	"encoding/json"
)

// Moment is what some indices held at one time, for several searches. It is only
// the number of the next document in each, so it costs nothing to keep: documents
// never move. One that is replaced later is missing
// from then on.
type Moment struct {
	indices []indexEnd
}

// indexEnd is the end of one index.
type indexEnd struct {
	Name string `json:"name"`
	UUID string `json:"uuid"`
	End  int64  `json:"end"` // the number of the next document
}

// Now returns the current Moment of some indices.
func (s *Store) Now(names []string) (*Moment, error) {
	m := new(Moment)
	for _, name := range names {
		ix, err := s.find(name)
		if err != nil {
			return nil, err
		}
		m.indices = append(m.indices, indexEnd{name, ix.uuid, ix.view.Load().end})
	}
	return m, nil
}

// ID returns a moment as text that ParseMoment parses.
func (m *Moment) ID() string {
	text, _ := json.Marshal(m.indices) // strings and numbers always marshal
	return base64.RawURLEncoding.EncodeToString(text)
}

// ParseMoment parses the result of ID.
func ParseMoment(id string) (*Moment, error) {
	text, err := base64.RawURLEncoding.DecodeString(id)
	m := new(Moment)
	if err != nil || json.Unmarshal(text, &m.indices) != nil {
		return nil, refuse(BadArgument, "invalid id: [%s]", id)
	}
	return m, nil
}

// Names returns the names of the indices.
func (m *Moment) Names() []string {
	var list []string
	for _, ix := range m.indices {
		list = append(list, ix.Name)
	}
	return list
}

// end returns the end of an index.
func (m *Moment) end(ix *Index) (int64, error) {
	for _, then := range m.indices {
		if then.Name == ix.name && then.UUID == ix.uuid {
			return then.End, nil
		}
	}
	return 0, refuse(MomentGone, "the index [%s] of this point in time was deleted and created again", ix.name)
}
