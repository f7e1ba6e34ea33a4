#!/usr/bin/env bash
# Builds spool when its source is newer than the last build, then runs it once.
set -euo pipefail
cd "$(dirname "$0")"
build=${LAB_BUILD:-${TMPDIR:-/tmp}/ndlog-lab-$(id -u)}/spool
mkdir -p "$build"
if [ ! -x "$build/spool" ] || [ spool.c -nt "$build/spool" ]; then
    echo "+ gcc -O1 -g -Wall -pthread -o spool spool.c"
    gcc -O1 -g -Wall -pthread -o "$build/spool.$$" spool.c
    mv "$build/spool.$$" "$build/spool"
fi
exec "$build/spool"
