#!/usr/bin/env bash
# Runs the tests of export.py once; as the house has it, the console gets one line and the report the rest.
set -euo pipefail
cd "$(dirname "$0")"
build=${LAB_BUILD:-${TMPDIR:-/tmp}/ndlog-lab-$(id -u)}/export
mkdir -p "$build"
report=$(mktemp "$build/report.XXXXXX")
code=0
python3 -B -u test_export.py "$report" || code=$?
cat "$report"
rm -f "$report"
exit "$code"
