#!/usr/bin/env bash
# Installs snac2 into the cache of peers and prints where its program is.
# On a trixie machine that already has it, or where apt-get may install it, the system's own is used; elsewhere the trixie
# package is unpacked into the cache, with package lists of its own so that the machine's configuration is not touched.
# usage: install-snac2.sh [CACHE]      (default: .cache/peers at the top of the repository)
set -euo pipefail

version=2.75-2
here=$(cd "$(dirname "$0")" && pwd)
cache=${1:-$here/../../.cache/peers}
mkdir -p "$cache/snac2" && cache=$(cd "$cache" && pwd)
dir=$cache/snac2
log=$dir/install.log

fail() { echo "snac2: $1 (see $log)" >&2; exit 1; }
ready() { [ -x "$dir/snac" ] && "$dir/snac" >"$dir/version" 2>&1 </dev/null; grep -qs '^snac ' "$dir/version"; }
done_() { echo "snac2: $(head -n 1 "$dir/version" | cut -d' ' -f1-2) in $dir/snac"; exit 0; }

ready && done_
: >"$log"
command -v apt-get >/dev/null || fail "needs a Debian machine with apt-get"

codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
if [ "$codename" = trixie ]; then
  if ! command -v snac >/dev/null && [ "$(id -u)" = 0 ]; then
    { apt-get update && apt-get install -y --no-install-recommends snac2; } >>"$log" 2>&1 || fail "apt-get could not install it"
  fi
  if command -v snac >/dev/null; then
    ln -sf "$(command -v snac)" "$dir/snac"
    ready && done_
  fi
fi
[ -n "$codename" ] || fail "this system does not say which Debian it is"

apt=$dir/apt
rm -rf "$apt" && mkdir -p "$apt"/{lists/partial,cache/archives/partial,parts,root}
cd "$apt"
for f in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list; do
  [ -s "$f" ] || continue
  case $f in *.sources) out=parts/trixie.sources ;; *) out=parts/trixie.list ;; esac
  sed "s/\b$codename\b/trixie/g" "$f" >"$out"
done
opts=(-o "Dir::State::Lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o Dir::Etc::SourceList=/dev/null
  -o "Dir::Etc::SourceParts=$apt/parts" -o APT::Sandbox::User=root)
apt-get "${opts[@]}" update >>"$log" 2>&1 || fail "the package lists of trixie could not be read"
apt-get "${opts[@]}" download "snac2=$version" >>"$log" 2>&1 || fail "version $version is not in trixie any more"
dpkg -x snac2_*.deb root >>"$log" 2>&1 || fail "the package could not be unpacked"
ln -sf "$apt/root/usr/bin/snac" "$dir/snac"
rm -rf "$apt/lists" "$apt/cache"
ready || fail "the unpacked program does not start on this system"
done_
