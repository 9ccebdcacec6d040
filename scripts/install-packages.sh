#!/usr/bin/env bash
# Installs Debian packages: install-packages.sh PACKAGE …
set -euo pipefail
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@"
