package web

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"math/big"
	"net/http"
	"strings"

	"golang.org/x/crypto/scrypt"
)

//go:embed recovery.txt
var recoveryText string

// recoveryWords are what codes are made of: one word a line.
var recoveryWords = strings.Fields(recoveryText)

const codeWords = 6

// deviceView is what the page for another device shows.
type deviceView struct {
	Token string
	Code  string // just made, shown once
	Wrong bool
	Empty bool // there is nothing to open elsewhere yet
}

func (c *Chat) devicePage(w http.ResponseWriter, r *http.Request) {
	v := c.visitor(w, r)
	c.render(w, http.StatusOK, "device", deviceView{Token: v.token()})
}

// newCode makes a recovery code and shows it once. Only a hash of it is kept, and the cookie sealed with it.
func (c *Chat) newCode(w http.ResponseWriter, r *http.Request, v visitor) {
	standing, err := c.Path.Standing(r.Context(), v.user())
	if err != nil {
		c.problem(w, r, http.StatusServiceUnavailable, "store")
		return
	}
	view := deviceView{Token: v.token()}
	if standing.Lines == 0 {
		view.Empty = true
		c.render(w, http.StatusOK, "device", view)
		return
	}
	code, err := makeCode()
	if err == nil {
		err = c.keepCode(r.Context(), v, code)
	}
	if err != nil {
		c.Log.Warn("recovery code", "error", err)
		c.problem(w, r, http.StatusServiceUnavailable, "store")
		return
	}
	view.Code = code
	c.render(w, http.StatusOK, "device", view)
}

func (c *Chat) keepCode(ctx context.Context, v visitor, code string) error {
	hash, key, err := stretch(code)
	if err != nil {
		return err
	}
	sealed, err := sealSecret(key, v.secret)
	if err != nil {
		return err
	}
	return c.Store.PutCode(ctx, v.user(), hash, sealed, c.Now().Add(c.Retention))
}

// openCode opens the case of a code on this device.
func (c *Chat) openCode(w http.ResponseWriter, r *http.Request, v visitor) {
	for _, key := range []string{c.address(r), string(v.user())} {
		if wait, ok := c.guards.codes.allow(key); !ok {
			c.busy(w, r, "tries", wait)
			return
		}
	}
	secret, err := c.findCode(r.Context(), strings.Join(strings.Fields(r.PostFormValue("code")), " "))
	if err != nil {
		c.problem(w, r, http.StatusServiceUnavailable, "store")
		return
	}
	if secret == "" {
		c.render(w, http.StatusOK, "device", deviceView{Token: v.token(), Wrong: true})
		return
	}
	c.setCookie(w, visitor{secret: secret})
	http.Redirect(w, r, "/#new", http.StatusSeeOther)
}

// findCode is the cookie that a code opens, "" where there is none.
func (c *Chat) findCode(ctx context.Context, code string) (string, error) {
	if len(code) > 200 {
		return "", nil
	}
	hash, key, err := stretch(code)
	if err != nil {
		return "", err
	}
	sealed, err := c.Store.Code(ctx, hash)
	if err != nil || sealed == nil {
		return "", err
	}
	secret, err := openSecret(key, sealed)
	if err != nil {
		return "", nil //nolint:nilerr // a damaged value opens nothing
	}
	return secret, nil
}

func makeCode() (string, error) {
	words := make([]string, codeWords)
	for i := range words {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(recoveryWords))))
		if err != nil {
			return "", err
		}
		words[i] = recoveryWords[n.Int64()]
	}
	return strings.Join(words, " "), nil
}

// stretch makes of a code the hash under which it is found and the key that opens what is found.
func stretch(code string) (hash string, key []byte, err error) {
	both, err := scrypt.Key([]byte(code), []byte("wenzhu recovery"), 1<<15, 8, 1, 64)
	if err != nil {
		return "", nil, fmt.Errorf("stretch code: %w", err)
	}
	sum := sha256.Sum256(both[32:])
	return hex.EncodeToString(sum[:16]), both[:32], nil
}

func sealSecret(key []byte, secret string) ([]byte, error) {
	aead, err := gcm(key)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	rand.Read(nonce) // never fails, see crypto/rand
	return aead.Seal(nonce, nonce, []byte(secret), nil), nil
}

func openSecret(key, sealed []byte) (string, error) {
	aead, err := gcm(key)
	if err != nil {
		return "", err
	}
	if len(sealed) < aead.NonceSize() {
		return "", fmt.Errorf("sealed secret of %d bytes", len(sealed))
	}
	plain, err := aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], nil)
	return string(plain), err
}

func gcm(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
