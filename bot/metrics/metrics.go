// Package metrics counts for Prometheus what operators watch. No label ever holds anything of a person.
package metrics

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"wenzhu/bot/turn"
	"wenzhu/dialog"
)

// Metrics is a turn.Meter.
type Metrics struct {
	registry  *prometheus.Registry
	updates   *prometheus.CounterVec
	steps     prometheus.Histogram
	conflicts prometheus.Counter
	sends     *prometheus.CounterVec
	owed      *prometheus.HistogramVec
	late      prometheus.Histogram
	notes     *prometheus.CounterVec
}

var _ turn.Meter = (*Metrics)(nil)

// New returns metrics that nobody else counts in.
func New() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		updates: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "wenzhu_updates_total", Help: "Updates by channel and result (committed, redelivered, flooded, failed, unavailable).",
		}, []string{"channel", "result"}),
		steps: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "wenzhu_step_seconds", Help: "Duration of a step of the dialog, lists included.",
			Buckets: prometheus.ExponentialBuckets(0.00005, 4, 9),
		}),
		conflicts: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "wenzhu_conflicts_total", Help: "Turns stepped again because somebody else committed first.",
		}),
		sends: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "wenzhu_sends_total", Help: "Sends by channel and result (ok, throttled, transient, refused, uneditable, blocked, broken, dropped, stale).",
		}, []string{"channel", "result"}),
		owed: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "wenzhu_owed_seconds", Help: "How long replies waited until the channel took them.",
			Buckets: prometheus.ExponentialBuckets(0.01, 4, 10),
		}, []string{"channel"}),
		late: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "wenzhu_due_late_seconds", Help: "How much after its time something due was stepped.",
			Buckets: prometheus.ExponentialBuckets(0.05, 4, 9),
		}),
		notes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "wenzhu_said_total", Help: "Verdicts by label, answers by kind, what people say of answers (rating: good, bad), reminders by fate (sent, late by more than ten minutes, dropped by a block; relief, nudge, ends), relief by days and answer.",
		}, []string{"kind", "value"}),
	}
	m.registry.MustRegister(m.updates, m.steps, m.conflicts, m.sends, m.owed, m.late, m.notes,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Watch adds what only the store knows: how many people somebody has to look at now, and since when; and what the path
// has not delivered yet. waiting says how many replies are owed and how long the oldest has been.
func (m *Metrics) Watch(s turn.Store, now func() time.Time, waiting func() (replies int, oldest time.Duration)) {
	m.registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "wenzhu_owed_depth", Help: "Replies that this process knows to be owed.",
		}, func() float64 { replies, _ := waiting(); return float64(replies) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "wenzhu_owed_oldest_seconds", Help: "How long the oldest of them has waited.",
		}, func() float64 { _, oldest := waiting(); return oldest.Seconds() }))
	ask := func(name, help string, figure func(context.Context) (float64, error)) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help + "; -1 where the store is out of reach."}, func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			f, err := figure(ctx)
			if err != nil {
				return -1
			}
			return f
		}))
	}
	ask("wenzhu_due_depth", "Wake entries that are due now", func(ctx context.Context) (float64, error) {
		n, err := s.WakeDepth(ctx, now())
		return float64(n), err
	})
	ask("wenzhu_due_lag_seconds", "How long the first of them has been due", func(ctx context.Context) (float64, error) {
		first, err := s.WakeFirst(ctx)
		if first.IsZero() {
			return 0, err
		}
		return max(0, now().Sub(first).Seconds()), err
	})
}

// Handler serves the figures.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// Update implements turn.Meter.
func (m *Metrics) Update(channel, result string) { m.updates.WithLabelValues(channel, result).Inc() }

// Stepped implements turn.Meter.
func (m *Metrics) Stepped(d time.Duration) { m.steps.Observe(d.Seconds()) }

// Conflict implements turn.Meter.
func (m *Metrics) Conflict() { m.conflicts.Inc() }

// Sent implements turn.Meter.
func (m *Metrics) Sent(channel, result string) { m.sends.WithLabelValues(channel, result).Inc() }

// Owed implements turn.Meter.
func (m *Metrics) Owed(channel string, age time.Duration) {
	m.owed.WithLabelValues(channel).Observe(age.Seconds())
}

// Late implements turn.Meter.
func (m *Metrics) Late(d time.Duration) { m.late.Observe(d.Seconds()) }

// Noted implements turn.Meter. Only notes with few possible values become labels.
func (m *Metrics) Noted(n dialog.Note) {
	switch n.Kind {
	case "verdict", "answer", "rating", "reminder", "relief":
		m.notes.WithLabelValues(n.Kind, n.Value).Inc()
	default:
		m.notes.WithLabelValues(n.Kind, "").Inc()
	}
}
