package browser

import (
	"bytes"
	"context"
	"fmt"
	"image/png"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Picture draws the page from its top as a small PNG: at most tallest CSS pixels high, in the window as Look set it.
func (t *Tab) Picture(width, tallest int64) ([]byte, error) {
	height, err := Eval[int64](t, `document.documentElement.scrollHeight`)
	if err != nil {
		return nil, err
	}
	// The window is made as tall as the picture, so that what sticks to its edges is drawn once, where it belongs.
	metrics := emulation.SetDeviceMetricsOverrideParams{Width: width, Height: min(height, tallest), DeviceScaleFactor: 1}
	if err := t.call(command(emulation.SetDeviceMetricsOverride, metrics)); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	shot, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		return nil, fmt.Errorf("browser: a picture: %w", err)
	}
	drawn, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		return nil, fmt.Errorf("browser: a picture: %w", err)
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&out, quantise(drawn)); err != nil {
		return nil, fmt.Errorf("browser: a picture: %w", err)
	}
	return out.Bytes(), nil
}
