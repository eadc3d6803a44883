//go:build !linux

package app

import "os"

// WidenPipe does nothing: only Linux can resize a pipe.
func WidenPipe(*os.File) {}
