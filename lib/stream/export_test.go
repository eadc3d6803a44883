package stream

import "time"

// The tests end connections hundreds of times.
func init() { firstWait = 4 * time.Millisecond }
