package redistest

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
)

// Cluster is three servers that share the slots.
type Cluster struct{ servers []*Server }

const slots = 16384

// StartCluster starts a cluster that ends with the test.
func StartCluster(t testing.TB) *Cluster {
	t.Helper()
	c := &Cluster{}
	for range 3 {
		c.servers = append(c.servers, Start(t, "--cluster-enabled", "yes", "--cluster-node-timeout", "2000"))
	}
	first, port, err := net.SplitHostPort(c.servers[0].Addr)
	require.NoError(t, err)
	for n, s := range c.servers {
		client := s.Client()
		require.NoError(t, client.ClusterAddSlotsRange(t.Context(), n*slots/3, (n+1)*slots/3-1).Err())
		require.NoError(t, client.ClusterMeet(t.Context(), first, port).Err())
		require.NoError(t, client.Close())
	}
	for _, s := range c.servers {
		client := s.Client()
		require.Eventually(t, func() bool {
			info, err := client.ClusterInfo(t.Context()).Result()
			return err == nil && strings.Contains(info, "cluster_state:ok") && strings.Contains(info, "cluster_known_nodes:3")
		}, 20*time.Second, 50*time.Millisecond)
		require.NoError(t, client.Close())
	}
	return c
}

// Client is a new client of the whole cluster; the caller closes it.
func (c *Cluster) Client() *redis.ClusterClient {
	return redis.NewClusterClient(&redis.ClusterOptions{Addrs: []string{c.servers[0].Addr}})
}

// Sentinels are a master, its replica, and three sentinels that choose a new master.
type Sentinels struct {
	Master, replica *Server
	addrs           []string
}

const masterName = "wenzhu"

// StartSentinels starts a group that ends with the test.
func StartSentinels(t testing.TB) *Sentinels {
	t.Helper()
	g := &Sentinels{Master: Start(t)}
	host, port, err := net.SplitHostPort(g.Master.Addr)
	require.NoError(t, err)
	g.replica = Start(t, "--replicaof", host, port)
	for range 3 {
		addr := freeAddr(t)
		_, own, err := net.SplitHostPort(addr)
		require.NoError(t, err)
		config := filepath.Join(t.TempDir(), "sentinel.conf")
		text := fmt.Sprintf("port %s\nbind 127.0.0.1\nsentinel monitor %s %s %s 2\nsentinel down-after-milliseconds %[2]s 1000\nsentinel failover-timeout %[2]s 5000\n",
			own, masterName, host, port)
		require.NoError(t, os.WriteFile(config, []byte(text), 0o600))
		s := &Server{Addr: addr}
		s.run(t, config, "--sentinel")
		t.Cleanup(func() { s.Kill(t) })
		g.addrs = append(g.addrs, addr)
	}
	return g
}

// AwaitReplica waits until the replica has all that the master has, and the sentinels know of each other.
func (g *Sentinels) AwaitReplica(t testing.TB) {
	t.Helper()
	master := g.Master.Client()
	defer master.Close()
	require.NoError(t, master.Wait(t.Context(), 1, 10*time.Second).Err())
	for _, addr := range g.addrs {
		sentinel := redis.NewSentinelClient(&redis.Options{Addr: addr})
		require.Eventually(t, func() bool {
			info, err := sentinel.Master(t.Context(), masterName).Result()
			others, _ := strconv.Atoi(info["num-other-sentinels"])
			return err == nil && others == len(g.addrs)-1 && info["num-slaves"] == "1"
		}, 20*time.Second, 50*time.Millisecond)
		require.NoError(t, sentinel.Close())
	}
}

// Client is a new client that follows the master; the caller closes it.
func (g *Sentinels) Client() *redis.Client {
	return redis.NewFailoverClient(&redis.FailoverOptions{MasterName: masterName, SentinelAddrs: g.addrs})
}
