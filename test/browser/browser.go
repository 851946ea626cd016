// Package browser drives Debian's Chromium for the tests of the pages and for the pictures of docs/screens. It is a module of its own, so that nothing
// of it reaches the program.
//
// It refuses to reach anything but loopback, and to leave a browser behind: one process serves a whole run and goes with its folder at Close.
package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/chromedp/chromedp"
)

// ErrNone tells that no Chromium is installed.
var ErrNone = errors.New("no Chromium was found: apt-get install chromium fonts-liberation, or name one in ESSAIM_CHROMIUM")

// Browser is one running Chromium.
type Browser struct {
	ctx     context.Context
	process context.CancelFunc // of the allocator: waits for the process and removes its folder
}

// Launch starts Chromium without a window and with a new profile. Names resolve to nothing: the pages under test live on loopback addresses.
func Launch(ctx context.Context) (*Browser, error) {
	path, err := find()
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.DisableGPU, chromedp.WindowSize(1280, 900),
		chromedp.Flag("lang", "fr-FR"), chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"), chromedp.Flag("hide-scrollbars", true))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium refuses to sandbox what root runs
	}
	ctx, process := chromedp.NewExecAllocator(ctx, options...)
	ctx, _ = chromedp.NewContext(ctx)
	if err := chromedp.Do(ctx); err != nil {
		process()
		return nil, fmt.Errorf("browser: Chromium does not start: %w", err)
	}
	return &Browser{ctx: ctx, process: process}, nil
}

func find() (string, error) {
	if path := os.Getenv("ESSAIM_CHROMIUM"); path != "" {
		return path, nil
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNone
}

// Close ends the process and removes its profile.
func (b *Browser) Close() error {
	err := chromedp.Cancel(b.ctx)
	b.process()
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// patience is how long one action of a tab may take before it is a failure; nothing is measured by it.
const patience = 60 * time.Second
