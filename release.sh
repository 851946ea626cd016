#!/usr/bin/env bash
# Builds the program as it is released: static, without symbols. usage: ./release.sh OUTPUT
#
# The vocabulary library is half of the code and not hot; neither are templates, the router, settings or pages. Not inlining them keeps the program
# under 50 MiB; signatures, documents, the store, the queue and Apply are compiled as usual, and cmd/loadtest measures the result.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
cold=(
  github.com/... golang.org/x/text/... golang.org/x/net/...
  html/template text/template/... net/http net/netip net/url net/textproto net/mail mime/... encoding/... compress/... archive/... crypto/tls crypto/x509
  go/... log/slog time
  essaim/cmd/... essaim/web/... essaim/federation/{collection,nodeinfo,webfinger} essaim/internal/{app,auth,config,demo,essaim,fedi,httpx,i18n,mail}
)
flags=()
for package in "${cold[@]}"; do flags+=("-gcflags=$package=-l"); done
CGO_ENABLED=0 exec go build -trimpath -ldflags "-s -w -funcalign 16" "${flags[@]}" -o "$1" ./cmd/essaim
