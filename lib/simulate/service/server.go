package service

import (
	"context"
	"net"
	"net/http/httptest"
)

// Server is a Service on a free port of the loopback interface, for tests.
type Server struct {
	*Service
	URL  string
	http *httptest.Server
	stop context.CancelFunc
}

// NewServer serves s until Close.
func NewServer(s *Service) *Server {
	ctx, stop := context.WithCancel(context.Background())
	h := httptest.NewUnstartedServer(s)
	h.Config.BaseContext = func(net.Listener) context.Context { return ctx }
	h.Start()
	return &Server{Service: s, URL: h.URL, http: h, stop: stop}
}

// Close ends all streams and stops serving.
func (s *Server) Close() {
	s.stop()
	s.http.Close()
}
