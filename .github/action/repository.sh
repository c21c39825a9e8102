#!/usr/bin/env bash
# repository.sh URL: states in Cargo.toml where this package lives, in the place of what was stated before.
# The archives of a release are found from there.
set -euo pipefail

manifest=$(dirname "${BASH_SOURCE[0]}")/../../Cargo.toml
while IFS= read -r line; do
  case $line in
    'repository = '*) continue ;;
  esac
  printf '%s\n' "$line"
  case $line in
    'license = '*) printf 'repository = "%s"\n' "$1" ;;
  esac
done <"$manifest" >"$manifest.new"
mv "$manifest.new" "$manifest"
