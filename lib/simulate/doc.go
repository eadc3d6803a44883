// Package simulate generates events that look like Wikimedia's, for tests,
// benchmarks and the demo.
//
// [New] returns a [Generator], which generates the same events for the same
// seed. They follow captured streams in the shares of types, wikis, bots and
// namespaces, in sizes, in missing fields, and in times that go backwards. All
// names are invented.
//
//	for _, e := range simulate.New(1, simulate.Options{}).Take(20_000) {
//		fmt.Printf("%s\n", e.Data)
//	}
//
// Package service serves events as EventStreams does.
package simulate
