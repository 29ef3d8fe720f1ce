#!/usr/bin/env bash
# Installs what the tests drive and npm does not bring: Chromium, a Redis server, and Swift, which speaks S3. Debian and its kin; does nothing when all are there.
set -euo pipefail

packages=()
[[ -n "${CHROMIUM_PATH:-}" ]] || command -v chromium chromium-browser google-chrome-stable google-chrome >/dev/null || packages+=(chromium)
[[ -n "${REDIS_SERVER_PATH:-}" ]] || command -v redis-server valkey-server >/dev/null || packages+=(redis-server)
[[ -n "${SWIFT_RING_BUILDER_PATH:-}" ]] || command -v swift-ring-builder >/dev/null || packages+=(swift)
[[ ${#packages[@]} -gt 0 ]] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "Please install by hand: ${packages[*]} (no apt-get here)." >&2
  exit 1
fi
as_root=()
if [[ $EUID -ne 0 ]]; then
  if ! command -v sudo >/dev/null; then
    echo "Please install as root: ${packages[*]} (no sudo here)." >&2
    exit 1
  fi
  as_root=(sudo)
fi

echo "Installing ${packages[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
