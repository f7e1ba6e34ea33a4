#!/usr/bin/env bash
# Runs test_courier.py once; there is nothing to build.
set -euo pipefail
cd "$(dirname "$0")"
exec python3 -B -u test_courier.py
