#!/usr/bin/env bash
# Builds the tests of mailbox.rs when the source is newer than the last build, then runs them once.
set -euo pipefail
cd "$(dirname "$0")"
build=${LAB_BUILD:-${TMPDIR:-/tmp}/ndlog-lab-$(id -u)}/mailbox
mkdir -p "$build"
if [ ! -x "$build/mailbox" ] || [ mailbox.rs -nt "$build/mailbox" ]; then
    echo "+ rustc --edition 2021 --test -C opt-level=1 -o mailbox mailbox.rs"
    rustc --edition 2021 --test -C opt-level=1 -o "$build/mailbox.$$" mailbox.rs
    mv "$build/mailbox.$$" "$build/mailbox"
fi
exec "$build/mailbox" --test-threads=1
