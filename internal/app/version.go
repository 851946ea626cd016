package app

import (
	"io"
	"log/slog"
	"runtime/debug"

	"essaim/internal/config"
)

// release is the version in the making; a build from a repository adds its revision.
const release = "0.1.0"

// Version names this build.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return release
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 8 {
			return release + "+" + s.Value[:8]
		}
	}
	return release
}

// NewLogger writes structured logs: text an operator can read, or JSON for machines.
func NewLogger(w io.Writer, format config.LogFormat, level slog.Level) *slog.Logger {
	o := &slog.HandlerOptions{Level: level}
	if format == config.LogJSON {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}
