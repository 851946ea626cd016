package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

func sample() source {
	return source{
		Regions:      []unit{{Code: "53", Name: "Bretagne"}, {Code: "52", Name: "Pays de la Loire"}},
		Departements: []unit{{Code: "56", Name: "Morbihan", Region: "53"}, {Code: "44", Name: "Loire-Atlantique", Region: "52"}},
		Communes: []commune{
			{Code: "56002", Name: "Deux", Type: current, Departement: "56", Region: "53", Postcodes: []string{"56100", "56200"}, Population: 12, OldCodes: []string{"56009"}},
			{Code: "56001", Name: "Un", Type: current, Departement: "56", Region: "53"},
			{Code: "56001", Name: "Un", Type: delegated, Seat: "56001", Departement: "56", Region: "53"},
			{Code: "56003", Name: "Trois", Type: associated, Seat: "56002", Departement: "56", Region: "53", OldCodes: []string{"56008"}},
		},
		EPCI: []grouping{{Code: "200", Name: "CC Test", Type: "CC", Population: 5, Members: []member{{"56002"}, {"56001"}}}},
	}
}

func TestBuild(t *testing.T) {
	past := source{EPCI: []grouping{
		{Code: "100", Members: []member{{"56001"}, {"56009"}, {"44001"}}},
		{Code: "101", Members: []member{{"56001"}, {"44001"}}},
		{Code: "200", Members: []member{{"56001"}}},
	}}
	got, err := build(sample(), []source{past}, 2026)
	if err != nil {
		t.Fatal(err)
	}
	want := tables{
		"vintage":      {"2026"},
		"regions":      {"52;Pays de la Loire", "53;Bretagne"},
		"departements": {"44;Loire-Atlantique;52", "56;Morbihan;53"},
		"communes":     {"56001;Un;56;;0", "56002;Deux;56;56100,56200;12"},
		"former":       {"56003;56002;Trois;a", "56008;56002;;o", "56009;56002;;o"},
		"epci":         {"200;CC;CC Test;5;56001,56002"},
		"successors":   {"100;200"},
	}
	for name := range want {
		if !slices.Equal(got[name], want[name]) {
			t.Errorf("%s:\n got %q\nwant %q", name, got[name], want[name])
		}
	}
}

func TestBuildRefuses(t *testing.T) {
	cases := map[string]func(*source){
		"separator in a name":         func(s *source) { s.Regions[0].Name = "a;b" },
		"code twice":                  func(s *source) { s.Regions[1].Code = "53" },
		"region of another":           func(s *source) { s.Communes[0].Region = "52" },
		"unknown type":                func(s *source) { s.Communes[2].Type = "hameau" },
		"member that does not exist":  func(s *source) { s.EPCI[0].Members = []member{{"99999"}} },
		"old code that leads nowhere": func(s *source) { s.Communes[3].Seat = "99999" },
	}
	for name, harm := range cases {
		s := sample()
		harm(&s)
		if _, err := build(s, nil, 2026); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestPackIsDeterministic(t *testing.T) {
	text := strings.Repeat("56001;Un;56;;0\n", 100)
	a, err := pack(text)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := pack(text)
	if !bytes.Equal(a, b) {
		t.Error("two runs differ")
	}
}
