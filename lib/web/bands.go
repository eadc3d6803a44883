package web

import (
	"fmt"

	"github.com/wmtools/wm/lib/es/query"
)

// riskBands is the number of bands of equal width into which the risk is divided.
const riskBands = 10

// band returns the bounds of a band: from <= risk < to. The last one includes 1.
func band(i int) (from, to float64) { return float64(i) / riskBands, float64(i+1) / riskBands }

func bandName(i int) string { return fmt.Sprint("band_", i) }

// addBands counts the documents of each band.
func addBands(top aggs, m measure) {
	for i := range riskBands {
		from, to := band(i)
		r := query.Range{GTE: from, LT: to}
		if i == riskBands-1 {
			r = query.Range{GTE: from}
		}
		top[bandName(i)] = query.Agg{Filter: &query.Clause{Range: map[string]query.Range{"wm.risk": r}}, Aggs: m.aggs}
	}
}

// readBands reads a chart by risk, the lowest band first.
func (d *drawn) readBands(m measure, w window, found map[string]query.Bucket) {
	for i := range riskBands {
		from, to := band(i)
		value := fmt.Sprintf("%.1f", from)
		d.Keys = append(d.Keys, keyed{labelled{Value: value, Label: fmt.Sprintf("%s to %.1f", value, to)}, "wm.risk>=" + value})
		d.Totals = append(d.Totals, m.value(found[bandName(i)], w.to.Sub(w.from)))
	}
}
