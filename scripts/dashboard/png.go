package main

import (
	"cmp"
	"image"
	"image/color"
	"image/png"
	"io"
	"maps"
	"slices"
)

// writePNG writes a picture with its 256 most frequent colors. That is a third of the
// size, and no difference is visible: most colors are shades at the edges of letters.
func writePNG(out io.Writer, picture image.Image) error {
	counts := make(map[color.RGBA]int)
	bounds := picture.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			counts[at(picture, x, y)]++
		}
	}
	small := image.NewPaletted(bounds, mostFrequent(counts, 256))
	nearest := make(map[color.RGBA]uint8, len(counts))
	for c := range counts {
		nearest[c] = uint8(small.Palette.Index(c))
	}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			small.SetColorIndex(x, y, nearest[at(picture, x, y)])
		}
	}
	return (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(out, small)
}

func at(picture image.Image, x, y int) color.RGBA {
	return color.RGBAModel.Convert(picture.At(x, y)).(color.RGBA)
}

// mostFrequent returns at most n colors.
func mostFrequent(counts map[color.RGBA]int, n int) (list color.Palette) {
	all := slices.SortedFunc(maps.Keys(counts), func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B))
	})
	for _, c := range all[:min(n, len(all))] {
		list = append(list, c)
	}
	return list
}
