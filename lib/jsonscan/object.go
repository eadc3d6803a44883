package jsonscan

import "bytes"

// Object trims blanks from a line and reports whether the rest looks like
// exactly one JSON object. It is cheap enough for every line: it costs a few
// searches for single bytes, and reads the line only where these leave a doubt.
// It catches what people feed in by mistake (see [Shape]), not every kind of
// damage. If ok is false, [Diagnose] says why.
func Object(line []byte) (object []byte, ok bool) {
	if !framed(line) {
		if line = bytes.Trim(line, " \t\r\n"); !framed(line) {
			return line, false
		}
	}
	if c := line[1]; c != '"' && c != '}' && at(line, SkipBlank(line, 1)) != '"' && len(bytes.TrimLeft(line[1:], " \t\r\n")) > 1 {
		return line, false
	}
	return line, oneObject(line)
}

func framed(line []byte) bool {
	return len(line) >= 2 && line[0] == '{' && line[len(line)-1] == '}'
}

// oneObject reports whether the first brace of a line closes with the last.
func oneObject(line []byte) bool {
	if len(line) > shortLine && line[2] == '$' && line[1] == '"' {
		return oneEvent(line) || closesAtEnd(line)
	}
	return bracesFit(line) || closesAtEnd(line)
}

// shortLine is the length up to which bracesFit is fast enough for any line.
const shortLine = 256

// oneEvent reports whether a line that begins with "$schema", as the events of
// EventStreams do, is one object. Another event on the line would begin with it
// too, and a dollar sign is much rarer than a brace. A truncated event could end
// with a nested object; most of these end in a digit, which events do not.
func oneEvent(line []byte) bool {
	if c := line[len(line)-2]; c != '"' && (c < 'a' || c > 'z') {
		return bracesFit(line)
	}
	for i := 3; ; i++ {
		n := bytes.IndexByte(line[i:], '$')
		if n < 0 {
			return true
		}
		if i += n; line[i-1] == '"' && line[i-2] == '{' {
			return false
		}
	}
}

// bracesFit reports whether the braces of a line look like those of one object.
// As a rule, an opening brace follows a colon, comma or bracket, and after the
// last one at least two close. Braces in a string may break the rule.
func bracesFit(line []byte) bool {
	i := 0 // the last opening brace
	for {
		n := bytes.IndexByte(line[i+1:], '{')
		if n < 0 {
			break
		}
		i += n + 1
		if line[i-1] != ':' && followsObject(line[:i]) {
			return false
		}
	}
	return i == 0 || bytes.IndexByte(line[i:], '}') < len(line)-1-i
}

// followsObject reports whether part ends in a closing brace and blanks.
func followsObject(part []byte) bool {
	n := len(part)
	for n > 0 && isBlank(part[n-1]) {
		n--
	}
	return n > 0 && part[n-1] == '}'
}

// closesAtEnd reports whether the object that a line begins with is all of it.
// One that is nested too deep counts: that is another error.
func closesAtEnd(line []byte) bool {
	end := SkipValue(line, 0, 0)
	return end == len(line) || end == TooDeep
}
