// Command screens draws the main pages of the demonstration into docs/screens, for the README and for whoever wants to see what the program looks like:
//
//	cd test/browser && go run ./cmd/screens [-to FOLDER] [NAME…]
//
// It refuses a picture over 150 KB: they are kept in the repository.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"

	"essaim/test/browser"
)

// largest is how much one picture may weigh, in bytes.
const largest = 150 << 10

// screen is one picture.
type screen struct {
	name    string
	on      browser.Place
	as      string // handle of who looks; "" is signed out
	address browser.Where
	width   int64
	scheme  browser.Scheme
	tallest int64
}

var screens = []screen{
	{"home", browser.Neighbour, "", browser.At("/"), 1280, browser.Light, 2000},
	{"home-dark", browser.Neighbour, "", browser.At("/"), 1280, browser.Dark, 1100},
	{"home-phone", browser.Neighbour, "", browser.At("/"), 390, browser.Light, 1500},
	{"home-national", browser.National, "", browser.At("/"), 1280, browser.Light, 2000},
	{"explorer", browser.National, "", browser.At("/explorer"), 1280, browser.Light, 1500},
	{"explorer-phone", browser.National, "", browser.At("/explorer?q=bus"), 390, browser.Dark, 1400},
	{"territory", browser.National, "", browser.At("/territoires/dep56"), 1280, browser.Light, 1500},
	{"projects", browser.Neighbour, "", browser.At("/projets"), 1280, browser.Light, 1400},
	{"project", browser.Neighbour, "", browser.At("/@guichet_roulant"), 1280, browser.Light, 1900},
	{"project-dark-phone", browser.Neighbour, "", browser.At("/@guichet_roulant"), 390, browser.Dark, 1500},
	{"project-stopped", browser.National, "", browser.Link("/projets?phase=stopped", `/@[^"/]+`), 1280, browser.Light, 1400},
	{"agenda", browser.Neighbour, "", browser.At("/agenda"), 1280, browser.Light, 1200},
	{"event", browser.Neighbour, "", browser.Link("/agenda", `/agenda/[a-z0-9]+`), 1280, browser.Light, 1400},
	{"directory", browser.National, "", browser.At("/annuaire/accelerateurs"), 1280, browser.Light, 1100},
	{"timeline", browser.Accelerator, "solene", browser.At("/fil"), 1280, browser.Light, 1700},
	{"timeline-dark-phone", browser.Accelerator, "solene", browser.At("/fil"), 390, browser.Dark, 1500},
	{"notifications", browser.Accelerator, "solene", browser.At("/notifications"), 1280, browser.Light, 1000},
	{"message", browser.Accelerator, "solene", browser.At("/publier/message"), 1280, browser.Light, 1200},
	{"propose-project-phone", browser.Accelerator, "solene", browser.At("/publier/projet"), 390, browser.Light, 1800},
	{"welcome", browser.Accelerator, "maelys", browser.At("/bienvenue?suite=1&ou=Morbihan&theme=mobility"), 1280, browser.Light, 1300},
	{"phase", browser.Accelerator, "solene", browser.At("/@cantine_dici/phase"), 1280, browser.Dark, 1500},
	{"sign-up", browser.Accelerator, "", browser.At("/inscription"), 1280, browser.Light, 1500},
	{"follow-from-elsewhere", browser.Accelerator, "", browser.Link("/@covoit_deux_rives", `/suivre-distant\?objet=[^"]+`), 1280, browser.Light, 1000},
	{"settings", browser.Accelerator, "maelys", browser.At("/reglages/profil"), 1280, browser.Light, 1300},
}

func main() {
	to := flag.String("to", "../../docs/screens", "folder of the pictures")
	flag.Parse()
	if err := draw(context.Background(), *to, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "screens:", err)
		os.Exit(1)
	}
}

func draw(ctx context.Context, to string, only []string) (err error) {
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	world, err := browser.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, world.End()) }()
	chromium, err := browser.Launch(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, chromium.Close()) }()
	for _, s := range screens {
		if len(only) > 0 && !slices.Contains(only, s.name) {
			continue
		}
		picture, err := s.draw(world, chromium)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		if len(picture) > largest {
			return fmt.Errorf("%s weighs %d KB, more than %d: make it less tall", s.name, len(picture)>>10, largest>>10)
		}
		path := filepath.Join(to, s.name+".png")
		if err := os.WriteFile(path, picture, 0o644); err != nil {
			return err
		}
		fmt.Printf("%-40s %3d KB\n", path, len(picture)>>10)
	}
	return nil
}

func (s screen) draw(world *browser.World, chromium *browser.Browser) ([]byte, error) {
	var who *http.Cookie
	if s.as != "" {
		c, err := world.Session(s.on, s.as)
		if err != nil {
			return nil, err
		}
		who = c
	}
	path, err := s.address(world, s.on, who)
	if err != nil {
		return nil, err
	}
	tab, err := chromium.Tab("fr")
	if err != nil {
		return nil, err
	}
	defer tab.Close()
	if who != nil {
		if err := tab.Keep(world.URL(s.on), who); err != nil {
			return nil, err
		}
	}
	if err := tab.Look(s.width, s.scheme); err != nil {
		return nil, err
	}
	status, err := tab.Open(world.URL(s.on) + path)
	if err != nil {
		return nil, err
	}
	if status != http.StatusOK {
		return nil, fmt.Errorf("%s answers %d", path, status)
	}
	return tab.Picture(s.width, s.tallest)
}
