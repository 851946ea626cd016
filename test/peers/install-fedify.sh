#!/usr/bin/env bash
# Installs Fedify and a Node.js recent enough for it into the cache of peers; fedify-peer.mjs runs on them.
# usage: install-fedify.sh [CACHE]      (default: .cache/peers at the top of the repository)
NAME=fedify
. "$(dirname "$0")/npm.sh"
npm_locked "$here/fedify"
cp "$here/fedify-peer.mjs" "$dir/"
ln -sf "$node" "$dir/node"
found=$(cd "$dir" && ./node -p 'require("./node_modules/@fedify/fedify/package.json").version' 2>>"$log") || fail "the installed package does not load"
echo "fedify: $found on Node.js $("$node" --version) in $dir"
