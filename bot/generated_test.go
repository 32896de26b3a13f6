package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestGeneratedFilesAreTrue(t *testing.T) {
	picture, err := bot(t, nil, "", "flow")
	require.NoError(t, err)
	kept, err := os.ReadFile("../docs/flow.md")
	require.NoError(t, err)
	assert.Contains(t, string(kept), picture, "make generate")
	sample, err := bot(t, nil, "", "config", "--env")
	require.NoError(t, err)
	kept, err = os.ReadFile("../deploy/wenzhu.env")
	require.NoError(t, err)
	assert.Equal(t, string(kept), sample, "make generate")
}
