package app

import "os"

// Color reports whether to print colors on stdout. When is the value of a flag
// --color: always, never, or auto, which means on a terminal that supports them,
// unless NO_COLOR is set.
func Color(when string) (bool, error) {
	switch when {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
		return hasColor(os.Stdout), nil
	}
	return false, Usage("--color %s: must be auto, always or never", when)
}
