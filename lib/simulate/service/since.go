package service

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// instant is a time in milliseconds since 1970 that may be missing.
type instant struct {
	ms int64
	ok bool
}

// parseSince parses the parameter since as the service's JavaScript does: as a
// number, otherwise as a date. A number should be milliseconds, but it reaches
// Kafka as a string, which means the time 0: the reader gets everything from the
// oldest message on. (Observed with kafka-sse 0.4.2 and node-rdkafka 2.18.) An
// empty value means no time. parseSince reports false for anything else.
func parseSince(values []string) (instant, bool) {
	if len(values) == 0 || len(values) == 1 && values[0] == "" {
		return instant{}, true
	}
	if len(values) > 1 { // an array, which is neither
		return instant{}, false
	}
	if isJSNumber(values[0]) {
		return instant{0, true}, true
	}
	t, ok := jsDate(values[0])
	// The service treats the number 0 as no time.
	return instant{t.UnixMilli(), ok && t.UnixMilli() != 0}, ok
}

// isJSNumber reports whether JavaScript's Number() accepts a text.
func isJSNumber(s string) bool {
	s = strings.TrimSpace(s)
	if s == "" {
		return true
	}
	if len(s) > 2 && s[0] == '0' {
		if base := map[byte]int{'x': 16, 'o': 8, 'b': 2}[s[1]|0x20]; base != 0 {
			_, err := strconv.ParseUint(s[2:], base, 64)
			return err == nil
		}
	}
	if unsigned := strings.TrimLeft(s, "+-"); unsigned != "Infinity" && strings.ContainsAny(unsigned, "xXpP_nNiI") {
		return false // Go's own spellings of numbers
	}
	n, err := strconv.ParseFloat(s, 64)
	return err == nil || math.IsInf(n, 0)
}

// dateLayouts are the supported forms of dates. One without a zone is in the
// server's, which is UTC.
var dateLayouts = []string{
	time.RFC3339, "2006-01-02", "2006-01", "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02T15:04",
	"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02 15:04:05Z07:00", "2006/01/02", "2006/01/02 15:04:05",
	time.RFC1123, time.RFC1123Z, "2 Jan 2006", "Jan 2, 2006", "2 Jan 2006 15:04:05", "Jan 2, 2006 15:04:05",
}

func jsDate(s string) (time.Time, bool) {
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
