#!/usr/bin/env bash
# Builds and runs the tests of turnstile.go once.
set -euo pipefail
cd "$(dirname "$0")"
export GOFLAGS=-mod=mod GOCACHE=${GOCACHE:-${LAB_BUILD:-${TMPDIR:-/tmp}/ndlog-lab-$(id -u)}/gocache}
exec go test -count=1 -v .
