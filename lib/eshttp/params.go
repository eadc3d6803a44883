package eshttp

import (
	"errors"

	"github.com/wmtools/wm/lib/store"
)

// params are the parsers of an object's members, by their names.
type params map[string]func(member) error

// errUnknown is the error of a member that an object cannot have.
var errUnknown = errors.New("unknown member")

// read parses an object. fail converts the error of a member, such as errUnknown.
func (t tree) read(p params, fail func(member, error) error) error {
	for _, m := range t.members {
		err := errUnknown
		if parse := p[m.key]; parse != nil {
			err = parse(m)
		}
		if err != nil {
			return fail(m, err)
		}
	}
	return nil
}

// read parses the body of a request.
func (r *request) read(p params, fail func(member, error) error) error {
	t, err := parseTree(r.body)
	if err != nil {
		return err
	}
	return t.read(p, fail)
}

// unknownTo converts errUnknown to the error of a parser that is called what.
func unknownTo(what string) func(member, error) error {
	return ifUnknown(func(m member) error { return m.unknown(what) })
}

// failedIn converts errUnknown as unknownTo does, and wraps other errors.
func failedIn(what string) func(member, error) error {
	return func(m member, err error) error {
		if err == errUnknown {
			return m.unknown(what)
		}
		return m.failed(what, err)
	}
}

// ifUnknown converts errUnknown only.
func ifUnknown(to func(member) error) func(member, error) error {
	return func(m member, err error) error {
		if err == errUnknown {
			return to(m)
		}
		return err
	}
}

// set returns a parser that stores what parse returns for a member.
func set[T any](v *T, parse func(member) (T, error)) func(member) error {
	return func(m member) (err error) {
		*v, err = parse(m)
		return err
	}
}

// setTree is set for a parser of values.
func setTree[T any](v *T, parse func(tree) (T, error)) func(member) error {
	return set(v, func(m member) (T, error) { return parse(m.tree) })
}

// setText is set for a parser of text. Arrays and objects are unknown.
func setText[T any](v *T, parse func(string) (T, error)) func(member) error {
	return ofKind('s', set(v, func(m member) (T, error) { return parse(m.scalar.Text) }))
}

// ofKind accepts values of one kind only.
func ofKind(kind byte, parse func(member) error) func(member) error {
	return func(m member) error {
		if m.kind != kind {
			return errUnknown
		}
		return parse(m)
	}
}

// ignore accepts any value of a member that does not change the result.
func ignore(member) error { return nil }

// plain returns the text of a simple value.
func plain[T ~string](m member) (T, error) { return T(m.scalar.Text), nil }

// texts returns the texts of a simple value or of an array.
func texts(m member) ([]string, error) { return m.texts(), nil }

// rawJSON returns a value as it is written.
func rawJSON[T ~[]byte](m member) (T, error) { return m.raw(), nil }

// scalar returns a value that is not null, an array or an object.
func scalar(m member) (*store.Scalar, error) {
	if !m.isScalar() {
		return nil, errUnknown
	}
	return &m.scalar, nil
}
