#!/usr/bin/env bash
# checksums.sh VERSION FOLDER: writes the digests of the archives in FOLDER into checksums.txt, in the place of
# those of the version before.
set -euo pipefail

version=$1 folder=$2
list=$(dirname "${BASH_SOURCE[0]}")/checksums.txt
comments=$(grep '^#' "$list")
{
  printf '%s\n' "$comments"
  for archive in "$folder"/unbroken-*.tar.gz; do
    digest=$(if command -v sha256sum >/dev/null; then sha256sum "$archive"; else shasum -a 256 "$archive"; fi | cut -d ' ' -f 1)
    printf '%s  v%s %s\n' "$digest" "$version" "$(basename "$archive")"
  done
} >"$list.new"
mv "$list.new" "$list"
