package essaim
import ("testing";"fmt";"strings")
func TestZZ(t *testing.T){ for _,s:=range Schemes{ fmt.Printf("| `%s` | %s | %s |\n", s.Name, s.EN, strings.Join(s.IDs(),", ")) } }
