#!/usr/bin/env bash
# Builds ledger_test when its source is newer than the last build, then runs it once.
set -euo pipefail
cd "$(dirname "$0")"
build=${LAB_BUILD:-${TMPDIR:-/tmp}/ndlog-lab-$(id -u)}/ledger
mkdir -p "$build"
if [ ! -x "$build/ledger_test" ] || [ ledger_test.c -nt "$build/ledger_test" ]; then
    echo "+ gcc -O1 -g -Wall -pthread -o ledger_test ledger_test.c"
    gcc -O1 -g -Wall -pthread -o "$build/ledger_test.$$" ledger_test.c
    mv "$build/ledger_test.$$" "$build/ledger_test"
fi
exec "$build/ledger_test"
