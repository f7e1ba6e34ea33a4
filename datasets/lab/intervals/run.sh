#!/usr/bin/env bash
# Builds the tests of intervals.rs when the source is newer than the last build, then runs them once.
set -euo pipefail
cd "$(dirname "$0")"
build=${LAB_BUILD:-${TMPDIR:-/tmp}/ndlog-lab-$(id -u)}/intervals
mkdir -p "$build"
if [ ! -x "$build/intervals" ] || [ intervals.rs -nt "$build/intervals" ]; then
    echo "+ rustc --edition 2021 --test -C opt-level=1 -o intervals intervals.rs"
    rustc --edition 2021 --test -C opt-level=1 -o "$build/intervals.$$" intervals.rs
    mv "$build/intervals.$$" "$build/intervals"
fi
exec "$build/intervals" --test-threads=1 --nocapture
