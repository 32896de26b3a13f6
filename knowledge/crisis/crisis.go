// Package crisis recognises danger to life or limb before anything else is looked at.
package crisis

// Danger names what was recognised.
type Danger string

// The dangers. Safe is none.
const (
	Safe     Danger = ""
	Suicide  Danger = "suicide"  // the writer's own, or somebody's close to them, now
	Violence Danger = "violence" // at the door, confinement, blows: now
	Minor    Danger = "minor"    // a child in such danger
)

// Recognise looks at all of the text. Forwarded words are somebody else's: a collector's curse is not the
// person's crisis.
func Recognise(text string, forwarded bool) Danger { return Safe }

// Threat says whether the text tells of a threat to life or limb that was only uttered: such an answer begins with 110.
func Threat(text string) bool { return false }
