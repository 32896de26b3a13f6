package web

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"net/http"

	"wenzhu/bot/chat"
)

const secretBytes = 32

// visitor is who a browser belongs to, by its cookie.
type visitor struct {
	secret string // the cookie's value; never stored
	fresh  bool   // the cookie has just been made
}

// user is the person's key. It is derived from the secret and does not give it away.
func (v visitor) user() chat.UserKey {
	sum := sha256.Sum256([]byte("user " + v.secret))
	return chat.UserKey("web:" + hex.EncodeToString(sum[:16]))
}

// token proves that a form comes from a page of ours: only a reader of the page or the cookie knows it.
func (v visitor) token() string {
	sum := sha256.Sum256([]byte("form " + v.secret))
	return hex.EncodeToString(sum[:16])
}

func (v visitor) holds(token string) bool {
	return subtle.ConstantTimeCompare([]byte(token), []byte(v.token())) == 1
}

func (c *Chat) cookieName() string {
	if c.secure {
		return "__Host-wenzhu"
	}
	return "wenzhu"
}

// visitor reads the cookie, or makes one. No record is made before the person says something.
func (c *Chat) visitor(w http.ResponseWriter, r *http.Request) visitor {
	if v, known := c.known(r); known {
		return v
	}
	raw := make([]byte, secretBytes)
	rand.Read(raw) // never fails, see crypto/rand
	v := visitor{secret: base64.RawURLEncoding.EncodeToString(raw), fresh: true}
	c.setCookie(w, v)
	return v
}

// known reads the cookie and makes none.
func (c *Chat) known(r *http.Request) (visitor, bool) {
	cookie, err := r.Cookie(c.cookieName())
	if err != nil {
		return visitor{}, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	return visitor{secret: cookie.Value}, err == nil && len(raw) == secretBytes
}

func (c *Chat) setCookie(w http.ResponseWriter, v visitor) {
	http.SetCookie(w, &http.Cookie{
		Name: c.cookieName(), Value: v.secret, Path: "/", HttpOnly: true, Secure: c.secure,
		SameSite: http.SameSiteLaxMode, MaxAge: int(c.Retention.Seconds()),
	})
}
