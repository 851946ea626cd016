package essaim

import "strings"

// laPoste is the one body whose establishments have numbers with another check: the sum of the fourteen digits is a multiple of five (INSEE).
const laPoste = "356000000"

// CheckSIRET reads a SIREN (9 digits) or a SIRET (14), however it is spaced, and returns its digits. Both carry a Luhn check; what fails it is a slip of the pen.
func CheckSIRET(typed string) (string, error) {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" .-\u00a0\u202f", r) {
			return -1
		}
		return r
	}, typed)
	if len(digits) != 9 && len(digits) != 14 || strings.Trim(digits, "0123456789") != "" {
		return "", FieldError("siret", "a SIREN has 9 digits and a SIRET 14")
	}
	if digits[:9] == laPoste && len(digits) == 14 && sumOf(digits)%5 == 0 {
		return digits, nil
	}
	if !luhn(digits[:9]) || !luhn(digits) || strings.Trim(digits, "0") == "" {
		return "", FieldError("siret", "this number does not exist: its check digit is wrong")
	}
	return digits, nil
}

func sumOf(digits string) (sum int) {
	for _, d := range digits {
		sum += int(d - '0')
	}
	return sum
}

func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
