package auth

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

// Cost of argon2id: 19 MiB, two passes, one lane, about 60 ms (libraries §1).
const (
	memoryKiB = 19 * 1024
	passes    = 2
	lanes     = 1
	saltSize  = 16
	hashSize  = 32
)

const minPassword, maxPassword = 12, 200

// HashPassword makes what is kept of a password; one that is too short or too long is an error of its field.
func (s *Service) HashPassword(password string) (string, error) {
	if n := utf8.RuneCountInString(password); n < minPassword || n > maxPassword {
		return "", essaim.FieldError("password", "a password has %d to %d characters", minPassword, maxPassword)
	}
	salt := make([]byte, saltSize)
	if _, err := io.ReadFull(s.Random, salt); err != nil {
		return "", fmt.Errorf("auth: no randomness: %w", err)
	}
	sum := argon2.IDKey([]byte(password), salt, passes, memoryKiB, lanes, hashSize)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memoryKiB, passes, lanes, enc.EncodeToString(salt), enc.EncodeToString(sum)), nil
}

// CheckPassword tells whether a password is that of the account with a handle or an e-mail address. A missing account costs as much time as a wrong password, so that nobody learns who is here.
func (s *Service) CheckPassword(ctx context.Context, name, password string) (*store.Account, error) {
	account, err := s.accountNamed(ctx, name)
	stored := ""
	if err == nil {
		stored = account.Password
	}
	if !matches(stored, password) || account.State != store.AccountActive {
		return nil, essaim.Errorf(essaim.Unauthorized, "the handle or the password is wrong")
	}
	return account, nil
}

// accountNamed finds an account by what people type to sign in: an address holds an @ after its first letter.
func (s *Service) accountNamed(ctx context.Context, name string) (*store.Account, error) {
	name = strings.ToLower(strings.TrimSpace(name))
	if strings.LastIndexByte(name, '@') > 0 && !strings.HasPrefix(name, "@") {
		return store.AccountByEmail(ctx, s.DB.Read(), name)
	}
	return s.AccountOf(ctx, strings.TrimSuffix(name, "@"+s.Site.Host))
}

func matches(stored, password string) bool {
	var version, memory, time, threads int
	parts := strings.Split(stored, "$")
	salt, sum := make([]byte, saltSize), make([]byte, hashSize)
	known := len(parts) == 6
	if known {
		_, errVersion := fmt.Sscanf(parts[2], "v=%d", &version)
		_, errCost := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &time, &threads)
		decodedSalt, errSalt := base64.RawStdEncoding.DecodeString(parts[4])
		decodedSum, errSum := base64.RawStdEncoding.DecodeString(parts[5])
		known = errVersion == nil && errCost == nil && errSalt == nil && errSum == nil && version == argon2.Version && len(decodedSum) > 0
		if known {
			salt, sum = decodedSalt, decodedSum
		}
	}
	if !known {
		memory, time, threads = memoryKiB, passes, lanes
	}
	got := argon2.IDKey([]byte(password), salt, uint32(time), uint32(memory), uint8(threads), uint32(len(sum)))
	return subtle.ConstantTimeCompare(got, sum) == 1 && known
}
