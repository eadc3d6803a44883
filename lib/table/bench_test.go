package table

import (
	"bytes"
	"testing"

	"github.com/wmtools/wm/lib/simulate"
)

func BenchmarkPrinter(b *testing.B) {
	var block []byte
	for _, e := range simulate.New(1, simulate.Options{}).Take(200) {
		block = append(append(block, e.Data...), '\n')
	}
	formats := map[string]Format{
		"line":    NewLines(LineOptions{}),
		"tsv":     newTable(b, "meta.dt,wiki,title,user,type", Options{}),
		"csv":     newTable(b, "meta.dt,wiki,title,user,type", Options{Syntax: CSV}),
		"json":    newTable(b, "meta.dt,wiki,title,user,type", Options{Syntax: JSON}),
		"derived": newTable(b, "@timestamp,wiki,title,wm.user,wm.delta", Options{}),
	}
	for name, f := range formats {
		b.Run(name, func(b *testing.B) {
			p := blockPrinter{f.Printer(), nil}
			var out printed
			b.SetBytes(int64(len(block)))
			b.ReportAllocs()
			for b.Loop() {
				p.print(block, &out)
			}
			if len(out.bad) > 0 || len(out.rows) != bytes.Count(block, newline) {
				b.Fatal("some events were not printed")
			}
		})
	}
}
