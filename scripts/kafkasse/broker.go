package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/tidwall/gjson"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
)

// maxEvent is the size in bytes of the largest event that can be loaded.
const maxEvent = 16 << 20

// broker is a Kafka-compatible broker and a producer for it.
type broker struct {
	cluster  *kfake.Cluster
	producer *kgo.Client
}

func newBroker() (*broker, error) {
	var all []string
	for stream := range streams {
		all = append(all, topics(stream)...)
	}
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, all...))
	if err != nil {
		return nil, err
	}
	producer, err := kgo.NewClient(
		kgo.SeedBrokers(cluster.ListenAddrs()...),
		// A lookup by time finds a batch, not a message, so each message is a batch.
		kgo.MaxBufferedRecords(1),
		kgo.ProducerBatchMaxBytes(maxEvent),
		kgo.ProducerBatchCompression(kgo.NoCompression()),
		kgo.RecordPartitioner(kgo.ManualPartitioner()),
	)
	if err != nil {
		cluster.Close()
		return nil, err
	}
	return &broker{cluster, producer}, nil
}

func (b *broker) address() string { return b.cluster.ListenAddrs()[0] }

func (b *broker) close() {
	b.producer.Close()
	b.cluster.Close()
}

// load produces the events of in and prints their number at each blank line.
func (b *broker) load(ctx context.Context, in io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxEvent)
	n := 0
	var failure onceError
	for lines.Scan() {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) > 0 {
			n++
			if err := b.produce(ctx, bytes.Clone(line), n, &failure); err != nil {
				return err
			}
			continue
		}
		if err := b.settle(ctx, out, n, &failure); err != nil {
			return err
		}
	}
	return errors.Join(lines.Err(), b.settle(ctx, out, n, &failure))
}

func (b *broker) produce(ctx context.Context, line []byte, n int, failure *onceError) error {
	meta := gjson.GetBytes(line, "meta")
	at, err := time.Parse(time.RFC3339, meta.Get("dt").String())
	if err != nil || meta.Get("topic").String() == "" {
		return fmt.Errorf("stdin:%d: no meta.dt or meta.topic", n)
	}
	record := &kgo.Record{Topic: meta.Get("topic").String(), Partition: int32(meta.Get("partition").Int()), Value: line, Timestamp: at}
	b.producer.Produce(ctx, record, func(_ *kgo.Record, err error) { failure.set(err) })
	return nil
}

func (b *broker) settle(ctx context.Context, out io.Writer, n int, failure *onceError) error {
	if err := errors.Join(b.producer.Flush(ctx), failure.get()); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "loaded %d\n", n)
	return err
}

// onceError keeps the first error.
type onceError struct {
	mu  sync.Mutex
	err error
}

func (o *onceError) set(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil {
		o.err = err
	}
}

func (o *onceError) get() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}
