package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"wenzhu/bot/config"
	"wenzhu/bot/store"
	"wenzhu/bot/turn"
)

// openStore opens Redis where it is configured, else the file.
func openStore(ctx context.Context, c config.Config, log *slog.Logger) (turn.Store, error) {
	keys, err := store.NewKeyring(c.DataKeys...)
	if err != nil {
		return nil, err
	}
	if c.RedisURL == "" {
		f, err := store.OpenFile(c.DataDir, keys)
		if errors.Is(err, store.ErrLocked) {
			return nil, fmt.Errorf("%s: %w", c.DataDir, err)
		}
		return f, err
	}
	options, err := redisOptions(c.RedisURL)
	if err != nil {
		return nil, err
	}
	redis.SetLogger(quiet{log})
	return store.OpenRedis(ctx, redis.NewUniversalClient(options), keys)
}

// redisOptions reads one server, cluster and sentinel addresses alike.
func redisOptions(address string) (*redis.UniversalOptions, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("REDIS_URL is not a URL") // the error text would show a password
	}
	kind := ""
	if scheme, k, ok := strings.Cut(u.Scheme, "+"); ok {
		u.Scheme, kind = scheme, k
	}
	o := &redis.UniversalOptions{
		DialTimeout: time.Second, ReadTimeout: 2 * time.Second, WriteTimeout: 2 * time.Second,
		ContextTimeoutEnabled: true, MaxRetries: -1, // the path tries again by itself
		Protocol: 2, // nothing here needs the third, whose answers are looked through for pushed messages
	}
	switch kind {
	case "cluster":
		c, err := redis.ParseClusterURL(u.String())
		if err != nil {
			return nil, errors.New("REDIS_URL: a cluster is redis+cluster://host:port?addr=host2:port2")
		}
		o.Addrs, o.Username, o.Password, o.TLSConfig, o.IsClusterMode = c.Addrs, c.Username, c.Password, c.TLSConfig, true
	case "sentinel":
		f, err := redis.ParseFailoverURL(u.String())
		if err != nil {
			return nil, errors.New("REDIS_URL: sentinels are redis+sentinel://host:port/db?master_name=name&addr=host2:port2")
		}
		o.Addrs, o.MasterName, o.DB = f.SentinelAddrs, f.MasterName, f.DB
		o.Username, o.Password, o.TLSConfig = f.Username, f.Password, f.TLSConfig
	default:
		s, err := redis.ParseURL(u.String())
		if err != nil {
			return nil, errors.New("REDIS_URL: one server is redis://[user:password@]host:port/db")
		}
		o.Addrs, o.DB, o.Username, o.Password, o.TLSConfig = []string{s.Addr}, s.DB, s.Username, s.Password, s.TLSConfig
	}
	return o, nil
}

// quiet keeps go-redis' own log at debug level.
type quiet struct{ log *slog.Logger }

func (q quiet) Printf(_ context.Context, format string, args ...any) {
	q.log.Debug("redis", "message", fmt.Sprintf(format, args...))
}
