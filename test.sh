#!/usr/bin/env bash
# Runs every check of Essaim, one after the other, whatever fails on the way, and ends with a table and a line
# "N passed, N failed". Needs Go; installs what else is missing where it may (as root on Debian) and says so.
#
#   ./test.sh          everything
#   ./test.sh quick    format, vet and the tests on SQLite alone
#
# FUZZTIME=5s         how long each fuzz target runs
# CI=true             what could not be installed is a failure instead of a line
# ESSAIM_TEST_POSTGRES=postgres://…   use this server instead of starting one
# ESSAIM_CHROMIUM=/path               use this browser instead of Debian's
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

mode=${1:-all}
case $mode in all | quick) ;; *) echo "usage: ./test.sh [quick]" >&2; exit 2 ;; esac

readonly staticcheck=honnef.co/go/tools/cmd/staticcheck@v0.8.2
readonly govulncheck=golang.org/x/vuln/cmd/govulncheck@v1.9.0
readonly size_limit=$((50 * 1024 * 1024))
readonly race_packages=(./internal/jobs/... ./internal/store/... ./internal/activity/... ./internal/app/... ./federation/...)
fuzztime=${FUZZTIME:-5s}

work=$(mktemp -d "${TMPDIR:-/tmp}/essaim-test.XXXXXX")
counts=$work/counts
table=$work/table
: >"$counts"
: >"$table"
mkdir -p .cache
current=

# Each step runs in a process group of its own (-m), so that ending the step ends whatever it started.
set -m

finish() {
  status=$?
  trap - EXIT INT TERM
  [ -z "$current" ] || kill -TERM -- "-$current" 2>/dev/null || true
  stop_postgres
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# --- steps ------------------------------------------------------------------------------------------------------------

# step TITLE COMMAND… runs a command, keeps its time and outcome, and goes on. A command that counts tests itself says so
# with `counted`; any other counts as one.
step() {
  local title=$1 began=$SECONDS status=0 took outcome
  shift
  printf '\n== %s\n' "$title"
  rm -f "$work/counted" "$work/left-out"
  (
    set -euo pipefail
    trap - EXIT INT TERM
    "$@"
  ) &
  current=$!
  wait "$current" || status=$?
  current=
  took=$((SECONDS - began))
  outcome=ok
  if [ "$status" != 0 ]; then
    outcome=FAILED
  elif [ -e "$work/left-out" ]; then
    outcome="left out"
  fi
  if [ ! -e "$work/counted" ]; then
    case $outcome in ok) echo "1 0 0" ;; FAILED) echo "0 1 0" ;; *) echo "0 0 1" ;; esac >>"$counts"
  fi
  printf '%-10s %3d:%02d  %s\n' "$outcome" $((took / 60)) $((took % 60)) "$title" >>"$table"
}

# leave_out REASON ends a step that cannot run here: a line for a person, a failure for CI.
leave_out() {
  echo "left out: $1"
  [ -z "${CI:-}" ] || exit 1
  touch "$work/left-out"
  exit 0
}

# tests ARGS… is `go test ARGS…` counted by test/report.
tests() {
  touch "$work/counted"
  go test -json "$@" 2>&1 | "$work/report" -counts "$counts"
}

# install PACKAGE… asks apt-get, where this is Debian and we may.
install() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  echo "installing $*"
  apt-get update -qq >"$work/apt.log" 2>&1 &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >>"$work/apt.log" 2>&1 ||
    { tail -n 5 "$work/apt.log"; return 1; }
}

go_sources() { find . -path ./.cache -prune -o -name node_modules -prune -o -name '*.go' -print; }

# other_modules lists the folders with a go.mod of their own: tools too heavy for the product's graph.
other_modules() { find . -mindepth 2 -path ./.cache -prune -o -name node_modules -prune -o -name go.mod -printf '%h\n' | sort; }

check_go() {
  local need have
  need=$(awk '$1 == "go" { print $2; exit }' go.mod)
  have=$(go env GOVERSION)
  have=${have#go}
  echo "Go $have, at least $need needed"
  [ "$(printf '%s\n' "$need" "$have" | sort -V | head -n 1)" = "$need" ]
  go build -o "$work/report" ./test/report
}

check_format() {
  local bad
  bad=$(go_sources | xargs gofmt -l)
  [ -z "$bad" ] || { printf 'gofmt would change:\n%s\n' "$bad"; return 1; }
}

check_vet() {
  local module
  go vet ./...
  for module in $(other_modules); do
    echo "in $module"
    (cd "$module" && go vet ./...)
  done
}

check_modules() {
  local module
  for module in $(other_modules); do
    [ "$module" != ./test/browser ] || continue # a step of its own
    echo "in $module"
    (cd "$module" && tests ./...)
  done
}

check_binary() {
  local size
  rm -f .cache/essaim
  ./release.sh .cache/essaim
  size=$(stat -c %s .cache/essaim)
  awk -v size="$size" -v limit="$size_limit" 'BEGIN { printf "essaim: %.1f MB (%d bytes), limit %.0f MB\n", size / 1048576, size, limit / 1048576 }'
  [ "$size" -le "$size_limit" ]
}

check_race() {
  if ! command -v gcc >/dev/null; then
    install gcc libc6-dev || leave_out "the race detector needs gcc (Debian: apt-get install gcc libc6-dev)"
  fi
  local found
  found=$(go list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' "${race_packages[@]}" 2>/dev/null || true)
  # shellcheck disable=SC2086 # one argument per package
  CGO_ENABLED=1 tests -race -short -timeout 15m $found
}

# check_fuzz compiles each package with targets once, instrumented, and then runs the targets from that program.
check_fuzz() {
  local packages package dir name failed=0 passed=0 corpus=$PWD/.cache/fuzz # what was found interesting is kept for the next run
  packages=$(grep -rlE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*\(f \*testing\.F\)' cmd federation internal migrations web 2>/dev/null |
    xargs -r -n 1 dirname | sort -u)
  [ -n "$packages" ] || { echo "no fuzz target was found"; return 1; }
  touch "$work/counted"
  for dir in $packages; do
    package=$(go list -f '{{.ImportPath}}' "./$dir")
    if ! go test -c -fuzz=. -o "$work/fuzz.test" "./$dir"; then
      echo "FAIL  $package does not build"
      failed=$((failed + 1))
      continue
    fi
    for name in $(cd "$dir" && "$work/fuzz.test" -test.list '^Fuzz'); do
      if (cd "$dir" && "$work/fuzz.test" -test.run '^$' -test.fuzz "^$name\$" -test.fuzztime "$fuzztime" \
        -test.fuzzcachedir "$corpus/$package" -test.fuzzminimizetime 10x -test.parallel 2) >"$work/fuzz.log" 2>&1; then
        printf 'ok    %s %s, %s\n' "$package" "$name" \
          "$(grep -oE 'execs: [0-9]+' "$work/fuzz.log" | tail -n 1 || true)"
        passed=$((passed + 1))
      else
        printf 'FAIL  %s %s\n' "$package" "$name"
        tail -n 40 "$work/fuzz.log"
        failed=$((failed + 1))
      fi
    done
  done
  echo "$passed $failed 0" >>"$counts"
  [ "$failed" = 0 ]
}

check_peers() {
  local name missing=
  for name in snac2 fedify activitypub-testing; do
    "test/peers/install-$name.sh" || missing="$missing $name"
  done
  [ -x .cache/essaim ] || { echo "the program was not built, so there is nothing to run the peers against"; return 1; }
  [ -z "$missing" ] || [ -n "${CI:-}" ] || echo "their tests will be skipped:$missing"
  ESSAIM_PEERS=1 ESSAIM_BINARY=$PWD/.cache/essaim tests -count=1 -parallel 8 -timeout 12m ./test/peers
}

check_browser() {
  if [ -z "${ESSAIM_CHROMIUM:-}" ] && ! command -v chromium >/dev/null; then
    install chromium fonts-liberation || leave_out "no Chromium (Debian: apt-get install chromium fonts-liberation)"
  fi
  cd test/browser
  ESSAIM_BROWSER=required tests -count=1 -timeout 25m ./...
}

check_crash() {
  [ -x .cache/essaim ] || { echo "the program was not built, so there is nothing to kill"; return 1; }
  ESSAIM_CRASH=1 ESSAIM_BINARY=$PWD/.cache/essaim tests -count=1 -parallel 8 -timeout 9m ./test/crash
}

check_static() {
  go run "$staticcheck" -version || leave_out "staticcheck does not resolve through this module proxy"
  go run "$staticcheck" ./...
}

check_vulnerabilities() {
  local status=0
  go run "$govulncheck" ./... >"$work/vuln.log" 2>&1 || status=$?
  if grep -qE 'fetching vulnerabilities|no such host|connection refused' "$work/vuln.log"; then
    # Not reachable is not a failure even for CI (LB41): the database stands outside the package registries.
    echo "left out: the Go vulnerability database is not reachable from here"
    touch "$work/left-out"
    return 0
  fi
  cat "$work/vuln.log"
  return "$status"
}

# --- PostgreSQL -------------------------------------------------------------------------------------------------------

postgres_bin() {
  local dirs
  dirs=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V)
  [ -n "$dirs" ] && echo "$dirs" | tail -n 1 && return
  command -v initdb >/dev/null && dirname "$(readlink -f "$(command -v initdb)")"
}

# unprivileged COMMAND… runs it as somebody PostgreSQL accepts: it refuses root.
unprivileged() {
  if [ "$(id -u)" = 0 ]; then
    (cd / && runuser -u "$(id -un postgres 2>/dev/null || echo nobody)" -- "$@")
  else
    "$@"
  fi
}

free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}

start_postgres() {
  local bin port data=$work/postgres
  if [ -n "${ESSAIM_TEST_POSTGRES:-}" ]; then
    echo "using the server of ESSAIM_TEST_POSTGRES"
    return
  fi
  if ! bin=$(postgres_bin); then
    # Debian would also start a cluster of its own, which nobody asked for.
    [ "$(id -u)" != 0 ] || { mkdir -p /etc/postgresql-common/createcluster.d && echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.d/none.conf; }
    install postgresql || leave_out "no PostgreSQL server (Debian: apt-get install postgresql)"
    bin=$(postgres_bin)
  fi
  port=$(free_port)
  mkdir "$data"
  od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$data/password"
  if [ "$(id -u)" = 0 ]; then
    chmod 711 "$work"
    chown -R "$(id -un postgres 2>/dev/null || echo nobody)" "$data"
  fi
  unprivileged "$bin/initdb" -D "$data/db" -U essaim --pwfile="$data/password" --auth=scram-sha-256 -E UTF8 --locale=C --no-sync >"$work/initdb.log" 2>&1 ||
    { tail -n 5 "$work/initdb.log"; return 1; }
  # A database that is thrown away need not survive a power cut.
  unprivileged "$bin/pg_ctl" -D "$data/db" -l "$data/log" -w -t 60 -o "-h 127.0.0.1 -p $port -k $data -c fsync=off -c max_connections=300" start >"$work/pg_ctl.log" 2>&1 ||
    { tail -n 5 "$work/pg_ctl.log" "$data/log"; return 1; }
  echo "$bin/pg_ctl" >"$work/postgres-ctl"
  echo "postgres://essaim:$(cat "$data/password")@127.0.0.1:$port/postgres?sslmode=disable" >"$work/postgres-dsn"
  "$bin/postgres" --version
}

stop_postgres() {
  [ -e "$work/postgres/db/postmaster.pid" ] || return 0
  unprivileged "$(cat "$work/postgres-ctl" 2>/dev/null || echo "$(postgres_bin)/pg_ctl")" -D "$work/postgres/db" -m immediate -w stop >/dev/null 2>&1 || true
}

# --- the run ----------------------------------------------------------------------------------------------------------

summary() {
  local passed failed skipped
  read -r passed failed skipped < <(awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }' "$counts")
  printf '\n%-10s %6s  %s\n' outcome min:s check
  cat "$table"
  printf '%-10s %3d:%02d  in all; skipped: %d\n\n' '' $((SECONDS / 60)) $((SECONDS % 60)) "$skipped"
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
}

command -v go >/dev/null || { echo "Go is not installed: see https://go.dev/doc/install" >&2; exit 2; }

step "Go version" check_go
step "format (gofmt)" check_format
step "go vet" check_vet
if [ "$mode" = quick ]; then
  unset ESSAIM_TEST_POSTGRES ESSAIM_PEERS
  step "tests on SQLite" tests -timeout 5m ./...
else
  step "PostgreSQL" start_postgres
  [ ! -e "$work/postgres-dsn" ] || { ESSAIM_TEST_POSTGRES=$(cat "$work/postgres-dsn") && export ESSAIM_TEST_POSTGRES; }
  step "tests" tests -timeout 10m ./...
  step "modules of their own" check_modules
  step "pages in a browser" check_browser
  step "race detector" check_race
  step "fuzzing, $fuzztime each" check_fuzz
  step "the program" check_binary
  step "real peers" check_peers
  step "kill -9" check_crash
  step "staticcheck" check_static
  step "known vulnerabilities" check_vulnerabilities
fi
summary
