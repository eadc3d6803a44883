package event

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// sizeUnits are the units of a size in bytes. A unit follows the units that end in
// it.
var sizeUnits = []struct {
	name string
	size int64
}{
	{"kib", 1 << 10}, {"mib", 1 << 20}, {"gib", 1 << 30}, {"kb", 1e3}, {"mb", 1e6}, {"gb", 1e9},
	{"k", 1 << 10}, {"m", 1 << 20}, {"g", 1 << 30}, {"b", 1},
}

// ParseSize reads a number of bytes as users write it: "16MiB", "500kB", "4096".
// Case does not matter. K, M and G alone are powers of 1024.
func ParseSize(text string) (int64, error) {
	number, factor := strings.ToLower(strings.TrimSpace(text)), int64(1)
	for _, unit := range sizeUnits {
		if rest, ok := strings.CutSuffix(number, unit.name); ok {
			number, factor = strings.TrimSpace(rest), unit.size
			break
		}
	}
	n, err := strconv.ParseUint(number, 10, 63)
	if err != nil || int64(n) > math.MaxInt64/factor {
		return 0, WithHint(fmt.Errorf("not a size: %q", text), "write a number of bytes, or one with a unit like 16MiB")
	}
	return int64(n) * factor, nil
}
