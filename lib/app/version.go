package app

import "runtime/debug"

// URL is the project's home page.
const URL = "https://github.com/wmtools/wm"

// linked is set by the release build: -ldflags "-X .../lib/app.linked=1.2.3".
var linked string

// Version returns the version of the binary, or "dev" if the build does not
// record it.
func Version() string {
	if linked != "" {
		return linked
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "dev"
}
