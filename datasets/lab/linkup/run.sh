#!/usr/bin/env bash
# Builds linkup when its source is newer than the last build, then runs it once.
set -euo pipefail
cd "$(dirname "$0")"
build=${LAB_BUILD:-${TMPDIR:-/tmp}/ndlog-lab-$(id -u)}/linkup
mkdir -p "$build"
if [ ! -x "$build/linkup" ] || [ linkup.c -nt "$build/linkup" ]; then
    echo "+ gcc -O1 -g -Wall -pthread -o linkup linkup.c -lm"
    gcc -O1 -g -Wall -pthread -o "$build/linkup.$$" linkup.c -lm
    mv "$build/linkup.$$" "$build/linkup"
fi
exec "$build/linkup"
