package web

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"essaim/internal/essaim"
	"essaim/internal/i18n"
)

func (p *Pages) indicator(v *view, i essaim.Indicator) indicatorView {
	out := indicatorView{Name: v.Typo(i.Name), Unit: v.Typo(i.Unit), Method: v.Typo(i.Method), Source: webLink(i.Source), Percent: -1, Brief: utf8.RuneCountInString(i.Unit) <= 2,
		Value: decimal(v, i.Value), Baseline: decimal(v, i.Baseline), Target: decimal(v, i.Target)}
	if !i.Date.IsZero() {
		out.Date = v.Typo(month(v.Lang, i.Date))
	}
	if i.Value != nil && i.Baseline != nil && i.Target != nil && *i.Target > *i.Baseline {
		out.Percent = int(min(max((*i.Value-*i.Baseline)/(*i.Target-*i.Baseline), 0), 1) * 100)
	}
	return out
}

// decimal writes a number as the language does; "" for none.
func decimal(v *view, f *float64) string {
	if f == nil {
		return ""
	}
	if *f == float64(int64(*f)) {
		return v.N(int64(*f))
	}
	s := strconv.FormatFloat(*f, 'f', -1, 64)
	if v.Lang == i18n.EN {
		return s
	}
	return strings.Replace(s, ".", ",", 1)
}

func costs(v *view, c *essaim.Costs) []fact {
	if c == nil {
		return nil
	}
	var out []fact
	add := func(key, value string) {
		if value != "" {
			out = append(out, fact{v.T(key), value})
		}
	}
	euros := func(f *float64) string {
		if f == nil {
			return ""
		}
		return v.T("project.euros", decimal(v, f))
	}
	add("project.investment", euros(c.Investment))
	add("project.yearly", euros(c.Yearly))
	add("project.fte", decimal(v, c.FTE))
	add("project.funded_by", v.Typo(c.FundedBy))
	return out
}

func lessons(v *view, l *essaim.Lessons) []fact {
	if l == nil {
		return nil
	}
	var out []fact
	for _, f := range []fact{{"project.worked", l.Worked}, {"project.failed", l.Failed}, {"project.conditions", l.Conditions}, {"project.avoid", l.Avoid}} {
		if f.Value != "" {
			out = append(out, fact{v.T(f.Name), v.Typo(f.Value)})
		}
	}
	return out
}
