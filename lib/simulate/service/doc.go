// Package service serves events as Wikimedia's EventStreams does, faults
// included, so that clients can be tested against it.
//
// A [Service] is a log of events and an http.Handler that serves it byte for
// byte as the real service does: frames, ids, errors, quirks. What goes wrong
// on a connection depends on its number, so a test can disconnect a client
// hundreds of times and compare what it received with the log:
//
//	server := service.NewServer(service.New(service.Options{
//		// Every connection ends in the middle of the data of its 101st event.
//		Faults: service.Cycle(service.Fault{Events: 100, Line: service.InData, End: service.Cut}),
//	}))
//	defer server.Close()
//	events := simulate.New(1, simulate.Options{}).Take(20_000)
//	server.Append(events...)
//
//	// A client that starts at server.URL+"/v2/stream/recentchange?since="+
//	// the time of events[0], and resumes after each disconnect, must receive
//	// all of events at least once.
//
// [Feed] appends events at the pace of a [Clock], which makes a live stream.
//
// It differs from the real service as follows: reason phrases are lost over
// HTTP/2; several topics are sent in the order in which their events were
// appended, while the real service promises no order; and the text of errors
// from Kafka is invented.
package service
