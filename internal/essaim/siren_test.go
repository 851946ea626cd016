package essaim

import "testing"

func TestCheckSIRET(t *testing.T) {
	for typed, want := range map[string]string{
		"732829320": "732829320", "732 829 320 00074": "73282932000074", "732-829-320": "732829320", // INSEE's own example
		"35600000000048":  "35600000000048", // La Poste, by Luhn
		"35600000009075":  "35600000009075", // La Poste, by the sum of its digits
		"356000000 00012": "",               // neither
		"732829321":       "", "73282932000075": "", "7328293": "", "73282932O": "", "": "", "000000000": "", "abcdefghi": "",
		"٧٣٢٨٢٩٣٢٠": "",
	} {
		got, err := CheckSIRET(typed)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
}
