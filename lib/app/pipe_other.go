//go:build !linux

package app

import "os"

// WidenPipe does nothing: only Linux lets a pipe have more room.
func WidenPipe(*os.File) {}
