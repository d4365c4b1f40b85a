#!/usr/bin/env bash
# Debian packages that some tests need: a real WordPress and Indonesian text to fill it with.
# Safe to run again; installs only what is missing.
set -euo pipefail
packages=(
  mariadb-server wordpress wordpress-l10n wordpress-theme-twentytwentyone
  php8.2-fpm php8.2-cli php8.2-mysql php8.2-curl php8.2-xml php8.2-mbstring php8.2-gd php8.2-intl
  nginx-light debian-handbook
)
missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "wanted root to install ${missing[*]}, found $(id -un)" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
