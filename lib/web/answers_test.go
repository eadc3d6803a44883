package web

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestManyViewersCostOneSearch: all who ask while an answer is being made, and
// all who ask later, share it.
func TestManyViewersCostOneSearch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, made := newAnswers(), 0
		mk := func(context.Context) (content, error) {
			time.Sleep(time.Second)
			made++
			return content{plain: []byte("answer")}, nil
		}
		var viewers sync.WaitGroup
		for range 100 {
			viewers.Go(func() {
				if got, err := a.get(t.Context(), "key", mk); err != nil || string(got.plain) != "answer" {
					t.Errorf("got %q, %v", got.plain, err)
				}
			})
		}
		viewers.Wait()
		if _, err := a.get(t.Context(), "key", mk); err != nil || made != 1 {
			t.Errorf("made %d times, %v", made, err)
		}
	})
}

// TestViewerWhoLeaves: the first to ask may go; those who wait still get the
// answer.
func TestViewerWhoLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAnswers()
		first, leave := context.WithCancel(t.Context())
		mk := func(ctx context.Context) (content, error) {
			select {
			case <-ctx.Done():
				return content{}, ctx.Err()
			case <-time.After(time.Second):
				return content{plain: []byte("answer")}, nil
			}
		}
		var viewers sync.WaitGroup
		viewers.Go(func() {
			if _, err := a.get(first, "key", mk); !errors.Is(err, context.Canceled) {
				t.Errorf("the one who left got %v", err)
			}
		})
		synctest.Wait()
		viewers.Go(func() {
			if _, err := a.get(t.Context(), "key", mk); err != nil {
				t.Errorf("the one who stayed got %v", err)
			}
		})
		synctest.Wait()
		leave()
		viewers.Wait()
	})
}

func TestFailureIsNotKept(t *testing.T) {
	a, fault := newAnswers(), errors.New("away")
	for _, want := range []error{fault, fault, nil, nil} {
		_, err := a.get(t.Context(), "key", func(context.Context) (content, error) { return content{}, want })
		if !errors.Is(err, want) {
			t.Fatalf("got %v, want %v", err, want)
		}
	}
}

func TestSearchEndsWhenPatienceDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		_, err := newAnswers().get(t.Context(), "key", func(ctx context.Context) (content, error) {
			<-ctx.Done()
			return content{}, ctx.Err()
		})
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) != patience {
			t.Errorf("got %v after %v", err, time.Since(begin))
		}
	})
}

// TestAnswersAreBounded: old answers go, the newest stay.
func TestAnswersAreBounded(t *testing.T) {
	a, made := newAnswers(), 0
	get := func(key int) {
		_, err := a.get(t.Context(), fmt.Sprint(key), func(context.Context) (content, error) { made++; return content{}, nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range 10 * maxAnswers {
		get(i)
	}
	if len(a.byKey) != maxAnswers || len(a.keys) != maxAnswers {
		t.Errorf("keeps %d answers, %d keys", len(a.byKey), len(a.keys))
	}
	made = 0
	get(10*maxAnswers - 1)
	if get(9*maxAnswers - 1); made != 1 {
		t.Errorf("made %d of the newest and an old one", made)
	}
}
