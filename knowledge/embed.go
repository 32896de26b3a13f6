package knowledge

import (
	"embed"
	"io/fs"
)

//go:embed content law words channels.yaml
var embedded embed.FS

// Embedded is the knowledge that the program was built with.
func Embedded() fs.FS { return embedded }
