package words

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// The expected tokens are those of Elasticsearch 8.19's _analyze with the
// standard analyzer.
var tokenTests = []struct{ text, want string }{
	{"Category:Cleanup_foo bar", "category:cleanup_foo|bar"},
	{"can't l'été", "can't|l'été"},
	{"東京都とカタカナ ﾊﾝｶｸ 한국어 텍스트", "東|京|都|と|カタカナ|ﾊﾝｶｸ|한국어|텍스트"},
	{"ไทยภาษา ລາວ မြန်မာ ខ្មែរ", "ไทยภาษา|ລາວ|မြန်မာ|ខ្មែរ"},
	{"3.14 1,000 a.b x.1 1.x 2026-11-23 _foo_ foo__bar", "3.14|1,000|a.b|x|1|1|x|2026|11|23|_foo_|foo__bar"},
	{"👍🏽 👨‍👩‍👧 🇩🇪🇫🇷 🇩 ❤️ ©", "👍🏽|👨‍👩‍👧|🇩🇪|🇫🇷|❤️|©"},
	{"İSTANBUL ΣΊΣΥΦΟΣ Straße ǅ", "istanbul|σίσυφοσ|straße|ǆ"},
	{`שלום צה"ל a"b`, `שלום|צה"ל|a|b`},
	{"カタカナabc abcカタカナ カ_タ ー 々 〆", "カタカナ|abc|abc|カタカナ|カ_タ|ー|々"},
	{"http://en.wikipedia.org/wiki/Foo_(bar)?x=1&y=2 user@host.com", "http|en.wikipedia.org|wiki|foo_|bar|x|1|y|2|user|host.com"},
	{"A:B::C a::b a.b. .c", "a:b|c|a|b|a.b|c"},
	{"'''bold''' [[Link|text]] {{tpl|x=1}}", "bold|link|text|tpl|x|1"},
	{"①② Ⅷ ½ ٣٤ ٣.٤ １２３", "ⅷ|٣٤|٣.٤|１２３"},
	{"नमस्ते हिन्दी தமிழ்", "नमस्ते|हिन्दी|தமிழ்"},
	{"* # + 1️⃣ #️⃣", "1️⃣|#️⃣"},
	{"〇一 ㈱ ゛ 𠀀𠀁", "〇|一|゛|𠀀|𠀁"},
	{"1,a 1;2 a,b a;b 1:2 1'2 'a' a:' :a a:", "1|a|1;2|a|b|a|b|1|2|1'2|a|a|a|a"},
	{"_ __ ___a_ - ... \t\n", "___a_"},
	{"", ""},
	{"a\xffb \xc3", "a|b"},
	{"sa\u00adme", "sa\u00adme"},
}

func TestTokens(t *testing.T) {
	for _, tt := range tokenTests {
		if got := strings.Join(slices.Collect(Tokens(tt.text)), "|"); got != tt.want {
			t.Errorf("Tokens(%q)\n got %q\nwant %q", tt.text, got, tt.want)
		}
	}
}

func TestLongTokenIsCut(t *testing.T) {
	got := slices.Collect(Tokens(strings.Repeat("A", 600)))
	if len(got) != 3 || len(got[0]) != 255 || len(got[2]) != 90 || got[0][0] != 'a' {
		t.Errorf("600 letters became %d tokens: %q", len(got), got)
	}
	// Java counts a letter outside the basic plane twice, and none is cut in two.
	for token := range Tokens(strings.Repeat("𐐀", 200)) {
		if !utf8.ValidString(token) || utf8.RuneCountInString(token) > 127 {
			t.Errorf("a token of %d letters: %q", utf8.RuneCountInString(token), token)
		}
	}
}

func TestTokensStops(t *testing.T) {
	for _, text := range []string{"a b c", "東 京", "東京", "a(b"} {
		for range Tokens(text) {
			break
		}
	}
}

func FuzzTokensAreLowerCaseWords(f *testing.F) {
	for _, tt := range tokenTests {
		f.Add(tt.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for token := range Tokens(text) {
			if token == "" || !utf8.ValidString(token) {
				t.Fatalf("token %q of %q", token, text)
			}
			for _, r := range token {
				if unicode.ToLower(r) != r {
					t.Fatalf("token %q of %q is not lower case", token, text)
				}
			}
		}
	})
}

func FuzzASCIIAgreesWithUnicode(f *testing.F) {
	for _, tt := range tokenTests {
		f.Add(tt.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.Map(func(r rune) rune {
			if r >= utf8.RuneSelf || isBlank(r) {
				return -1
			}
			return r
		}, text)
		var fast, slow []string
		asciiTokens(text, func(s string) bool { fast = append(fast, s); return true })
		unicodeTokens(text, func(s string) bool { slow = append(slow, s); return true })
		if !slices.Equal(fast, slow) {
			t.Fatalf("%q\nfast %q\nslow %q", text, fast, slow)
		}
	})
}
