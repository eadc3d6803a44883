// Package simulate makes events that look like Wikimedia's, and serves them as
// EventStreams does, faults included. It stands behind tests, benchmarks and
// the demo; only tests and scripts import it. It imports no other room.
//
// A [Generator] makes the same events for the same seed. What it makes follows
// captured streams: the shares of types, wikis, bots and namespaces, sizes,
// fields that are missing, times that go backwards. Names are invented.
//
// A [Service] is a log of events and an http.Handler that serves it byte for
// byte as the real service does: frames, ids, errors, quirks. What goes wrong
// on a connection is decided by its number, so a test can cut a client off
// hundreds of times and compare what it got with what the log holds:
//
//	events := simulate.New(1, simulate.Options{}).Take(20_000)
//	server := simulate.NewServer(simulate.NewService(simulate.Config{
//		// Every connection ends in the middle of the data of its 101st event.
//		Faults: simulate.Cycle(simulate.Fault{Events: 100, Line: simulate.InData, End: simulate.Cut}),
//	}))
//	defer server.Close()
//	server.Append(events...)
//
//	// A client that starts at server.URL+"/v2/stream/recentchange?since="+
//	// the time of events[0], and resumes whenever it is cut off, has to get
//	// all of events at least once.
//
// [Feed] appends events at the pace of a [Clock], which makes a live stream.
//
// Where it is known to differ from the service: reason phrases are lost over
// HTTP/2, several topics are read in the order in which their events were
// appended (the service promises no order), and the text of errors that Kafka
// itself causes is made up.
package simulate
