package i18n

import (
	"testing"
	"time"
)

func when(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestDateRange(t *testing.T) {
	for _, c := range []struct{ zone, start, end, fr, en string }{
		{"Europe/Paris", "2027-03-12T18:00:00+01:00", "2027-03-14T17:00:00+01:00",
			"Du vendredi 12 mars 2027 à 18 h au dimanche 14 mars à 17 h (heure de Paris)",
			"From Friday 12 March 2027 at 18:00 to Sunday 14 March at 17:00 (Paris time)"},
		{"Europe/Paris", "2027-03-12T18:00:00+01:00", "2027-03-12T20:30:00+01:00",
			"Le vendredi 12 mars 2027, de 18 h à 20 h 30 (heure de Paris)",
			"On Friday 12 March 2027, from 18:00 to 20:30 (Paris time)"},
		{"Europe/Paris", "2027-05-01T09:05:00+02:00", "",
			"Le samedi 1er mai 2027 à 9 h 05 (heure de Paris)",
			"On Saturday 1 May 2027 at 09:05 (Paris time)"},
		{"Europe/Paris", "2027-12-31T20:00:00+01:00", "2028-01-01T02:00:00+01:00",
			"Du vendredi 31 décembre 2027 à 20 h au samedi 1er janvier 2028 à 2 h (heure de Paris)",
			"From Friday 31 December 2027 at 20:00 to Saturday 1 January 2028 at 02:00 (Paris time)"},
		{"Indian/Reunion", "2027-03-12T18:00:00Z", "2027-03-12T19:00:00Z",
			"Le vendredi 12 mars 2027, de 22 h à 23 h (heure de La Réunion)",
			"On Friday 12 March 2027, from 22:00 to 23:00 (Réunion time)"},
		{"America/Martinique", "2027-03-12T02:00:00Z", "",
			"Le jeudi 11 mars 2027 à 22 h (heure de la Martinique)",
			"On Thursday 11 March 2027 at 22:00 (Martinique time)"},
		{"America/New_York", "2027-03-12T18:00:00Z", "",
			"Le vendredi 12 mars 2027 à 13 h (heure : New York)",
			"On Friday 12 March 2027 at 13:00 (New York time)"},
	} {
		var end time.Time
		if c.end != "" {
			end = when(t, c.end)
		}
		if got := DateRange(FR, when(t, c.start), end, Zone(c.zone)); got != c.fr {
			t.Errorf("fr:\n got %s\nwant %s", got, c.fr)
		}
		if got := DateRange(EN, when(t, c.start), end, Zone(c.zone)); got != c.en {
			t.Errorf("en:\n got %s\nwant %s", got, c.en)
		}
	}
}

func TestDayForms(t *testing.T) {
	paris := Zone("Europe/Paris")
	day := func(s string) time.Time { return when(t, s+"T12:00:00Z") }
	for _, c := range []struct{ start, end, fr, en, short string }{
		{"2027-03-12", "2027-03-14", "du 12 au 14 mars 2027", "from 12 to 14 March 2027", "12–14 mars"},
		{"2027-04-30", "2027-05-02", "du 30 avril au 2 mai 2027", "from 30 April to 2 May 2027", "30 avr.–2 mai"},
		{"2027-12-31", "2028-01-01", "du 31 décembre 2027 au 1er janvier 2028", "from 31 December 2027 to 1 January 2028", "31 déc.–1er janv."},
		{"2027-08-01", "2027-08-01", "le 1er août 2027", "on 1 August 2027", "1er août"},
	} {
		if got := DayRange(FR, day(c.start), day(c.end), paris); got != c.fr {
			t.Errorf("got %q, want %q", got, c.fr)
		}
		if got := DayRange(EN, day(c.start), day(c.end), paris); got != c.en {
			t.Errorf("got %q, want %q", got, c.en)
		}
		if got := ShortRange(FR, day(c.start), day(c.end), paris); got != c.short {
			t.Errorf("got %q, want %q", got, c.short)
		}
	}
	if got := ShortDay(FR, day("2026-12-03"), paris); got != "jeu. 3 déc." {
		t.Errorf("ShortDay = %q", got)
	}
	if got := ShortDay(EN, day("2026-12-03"), paris); got != "Thu 3 Dec" {
		t.Errorf("ShortDay = %q", got)
	}
	if got := Day(FR, day("2026-12-03"), paris); got != "jeudi 3 décembre 2026" {
		t.Errorf("Day = %q", got)
	}
	if got := Date(FR, day("2026-12-03"), paris); got != "jeudi 3 décembre 2026 à 13 h" {
		t.Errorf("Date = %q", got)
	}
}

func TestZone(t *testing.T) {
	for _, bad := range []string{"", "Nowhere/Atall", "Local", "../etc/passwd"} {
		if got := Zone(bad).String(); got != "Europe/Paris" {
			t.Errorf("Zone(%q) = %s", bad, got)
		}
	}
	for name := range places {
		if Zone(name).String() != name {
			t.Errorf("%s is not a known zone", name)
		}
	}
	if got := ZoneName(FR, time.UTC); got != "heure UTC" {
		t.Errorf("UTC is %q", got)
	}
}
