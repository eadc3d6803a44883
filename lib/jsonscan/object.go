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

// oneObject reports whether the first brace of a line closes with the last. As
// a rule, a brace opens after a colon, comma or bracket and as many braces open
// as close. Only a line that breaks the rule, possibly because of braces in a
// string, is walked over.
func oneObject(line []byte) bool {
	opened := 1
	for i := 1; ; i++ {
		n := bytes.IndexByte(line[i:], '{')
		if n < 0 {
			break
		}
		i += n
		opened++
		if line[i-1] != ':' && followsObject(line[:i]) {
			return closesAtEnd(line)
		}
	}
	return opened == bytes.Count(line, closeBrace) || closesAtEnd(line)
}

var closeBrace = []byte{'}'}

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
