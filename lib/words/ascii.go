package words

// asciiTokens yields the tokens of an ASCII text. It applies the same rules as
// unicodeTokens, which are few for ASCII, at six times the speed.
func asciiTokens(text string, yield func(string) bool) bool {
	for i := 0; i < len(text); {
		end, word := asciiWord(text, i)
		if word && !emit(text[i:end], yield) {
			return false
		}
		i = max(end, i+1)
	}
	return true
}

// asciiWord returns the end of the run of word characters that begins at i, and
// whether it contains a letter or a digit.
func asciiWord(text string, i int) (end int, word bool) {
	for ; i < len(text); i++ {
		switch c := text[i]; {
		case isLetter(c) || isDigit(c):
			word = true
		case c == '_':
		case !joins(text, i):
			return i, word
		}
	}
	return i, word
}

// joins reports whether the punctuation at i joins its two neighbours.
func joins(text string, i int) bool {
	if i == 0 || i+1 == len(text) {
		return false
	}
	before, after := text[i-1], text[i+1]
	switch text[i] {
	case '.', '\'':
		return isLetter(before) && isLetter(after) || isDigit(before) && isDigit(after)
	case ':':
		return isLetter(before) && isLetter(after)
	case ',', ';':
		return isDigit(before) && isDigit(after)
	}
	return false
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
