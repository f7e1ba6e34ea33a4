#!/usr/bin/env bash
# Runs cart.test.mjs once; there is nothing to build.
set -euo pipefail
cd "$(dirname "$0")"
exec node --test --test-reporter=spec cart.test.mjs
