#!/usr/bin/env bash
# What the two peers that come from npm share; sourced by their install scripts, not run.
# Sets: here, cache, dir, log, node. Gives: fail SENTENCE, npm_locked FOLDER.
# NAME is set by the script that sources this one.
set -euo pipefail

node_version=22.23.3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "${1:-$here/../../.cache/peers}"
cache=$(cd "${1:-$here/../../.cache/peers}" && pwd)
dir=$cache/$NAME
log=$dir/install.log
mkdir -p "$dir"

fail() { echo "$NAME: $1 (see $log)" >&2; exit 1; }

# pick_node sets node to a Node.js of version 22 or later: the system's own, else the one the npm package brings.
pick_node() {
  local own
  if own=$(command -v node) && [ "$("$own" -p 'process.versions.node.split(".")[0]')" -ge 22 ]; then
    node=$own
    return
  fi
  local arch
  case $(uname -m) in x86_64) arch=x64 ;; aarch64) arch=arm64 ;; *) fail "no Node.js 22 is packaged for $(uname -m)" ;; esac
  node=$cache/node/node_modules/node-linux-$arch/bin/node
  if [ "$("$node" --version 2>/dev/null)" != "v$node_version" ]; then
    mkdir -p "$cache/node"
    npm install --prefix "$cache/node" --no-save --ignore-scripts --no-audit --no-fund "node-linux-$arch@$node_version" >>"$log" 2>&1 ||
      fail "Node.js $node_version could not be installed"
  fi
}

# npm_locked installs exactly what FOLDER's lock file says, unless that was done already.
npm_locked() {
  if ! cmp -s "$1/package-lock.json" "$dir/installed-lock.json"; then
    cp "$1/package.json" "$1/package-lock.json" "$1/.npmrc" "$dir/"
    npm ci --prefix "$dir" --ignore-scripts >>"$log" 2>&1 || fail "npm could not install what its lock file says"
    cp "$1/package-lock.json" "$dir/installed-lock.json"
  fi
}

# Both peers share one Node.js, and tests may install them at the same time.
exec 9>"$cache/npm.lock" && flock 9

command -v npm >/dev/null || fail "needs npm (Debian: apt-get install npm)"
pick_node
