package table

import "testing"

func TestGrid(t *testing.T) {
	g := Grid{Names: []string{"time", "count", "value"}, Rows: [][]any{
		{"2026", int64(5), "a,\"b\"\x1b\n"}, {"2027", int64(-12345), true}, {"2028", 0.5, "漢字"},
	}}
	for name, tt := range map[string]struct{ got, want string }{
		"CSV":  {string(g.AppendCSV(nil)), "time,count,value\n2026,5,\"a,\"\"b\"\"\x1b\n\"\n2027,-12345,true\n2028,0.5,漢字\n"},
		"JSON": {string(g.AppendJSON(nil)), `{"time":"2026","count":5,"value":"a,\"b\"\u001b\u000a"}` + "\n" + `{"time":"2027","count":-12345,"value":true}` + "\n" + `{"time":"2028","count":0.5,"value":"漢字"}` + "\n"},
		"text": {string(g.AppendText(nil)), "time   count  value\n2026       5  a,\"b\"\\x1b\\x0a\n2027  -12345  true\n2028     0.5  漢字\n"},
		"none": {string(Grid{Names: []string{"value", "count"}}.AppendText(nil)), "value  count\n"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s:\ngot  %q\nwant %q", name, tt.got, tt.want)
		}
	}
}
