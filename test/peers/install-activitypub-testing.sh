#!/usr/bin/env bash
# Installs the conformance checker activitypub-testing and a Node.js recent enough for it into the cache of peers.
# usage: install-activitypub-testing.sh [CACHE]      (default: .cache/peers at the top of the repository)
NAME=activitypub-testing
. "$(dirname "$0")/npm.sh"
npm_locked "$here/activitypub-testing"
ln -sf "$node" "$dir/node"
found=$(cd "$dir" && ./node -p 'require("./node_modules/activitypub-testing/package.json").version' 2>>"$log") || fail "the installed package does not load"
echo "activitypub-testing: $found on Node.js $("$node" --version) in $dir"
