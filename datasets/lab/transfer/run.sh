#!/usr/bin/env bash
# Builds the tests of transfer.rs when the source is newer than the last build, then runs them once.
set -euo pipefail
cd "$(dirname "$0")"
build=${LAB_BUILD:-${TMPDIR:-/tmp}/ndlog-lab-$(id -u)}/transfer
mkdir -p "$build"
if [ ! -x "$build/transfer" ] || [ transfer.rs -nt "$build/transfer" ]; then
    echo "+ rustc --edition 2021 --test -C opt-level=1 -o transfer transfer.rs"
    rustc --edition 2021 --test -C opt-level=1 -o "$build/transfer.$$" transfer.rs
    mv "$build/transfer.$$" "$build/transfer"
fi
exec "$build/transfer" --test-threads=1
