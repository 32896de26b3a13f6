package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

// health asks a running bot whether it is ready: exit 0 or 1.
func health(ctx context.Context, p process) error {
	var address string
	if len(p.args) > 0 {
		address = p.args[0]
	} else {
		c, err := settings(p)
		if err != nil {
			return err
		}
		host, port, err := net.SplitHostPort(c.ListenAddr)
		if err != nil {
			return err
		}
		if host == "" || host == "0.0.0.0" || host == "::" {
			host = "127.0.0.1"
		}
		address = "http://" + net.JoinHostPort(host, port) + "/readyz"
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close() //nolint:errcheck // only its status counts
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", address, response.Status)
	}
	return nil
}
