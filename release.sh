#!/usr/bin/env bash
# Builds the program as it is released: static, without symbols. usage: ./release.sh OUTPUT
#
# The vocabulary library is half of the code and not hot; neither are templates, the router, settings or pages. Not inlining them keeps the program
# under 45 MB; what the inbox and deliveries run through is compiled as usual.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
cold=(github.com/... html/template text/template/... golang.org/x/text/... net/http net/netip encoding/...
  essaim/cmd/... essaim/web/... essaim/internal/{app,config,demo,essaim,i18n})
flags=()
for package in "${cold[@]}"; do flags+=("-gcflags=$package=-l"); done
CGO_ENABLED=0 exec go build -trimpath -ldflags "-s -w" "${flags[@]}" -o "$1" ./cmd/essaim
