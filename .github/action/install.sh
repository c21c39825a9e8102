#!/usr/bin/env bash
# Puts the binary of this action's own version on PATH: the one that is there already, the one of an
# earlier job, the released one (its SHA-256 is committed beside this file, so that pinning the action
# pins the binary), else one built from the action's own source.
set -euo pipefail

root=${ACTION_PATH//\\//}
here=$root/.github/action
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$root/Cargo.toml" | head -n 1)

is_right() { [ "$("$1" --version 2>/dev/null)" = "unbroken $version" ]; }

if is_right unbroken; then
  echo "unbroken $version is on PATH"
  exit 0
fi

case "${RUNNER_OS:-$(uname -s)}" in
  Linux) system=unknown-linux-musl ;;
  macOS | Darwin) system=apple-darwin ;;
  Windows | MINGW* | MSYS*) system=pc-windows-msvc ;;
  *) system= ;;
esac
case "${RUNNER_ARCH:-$(uname -m)}" in
  X64 | x86_64 | amd64) machine=x86_64 ;;
  ARM64 | arm64 | aarch64) machine=aarch64 ;;
  *) machine= ;;
esac
target=
if [ -n "$system" ] && [ -n "$machine" ]; then target=$machine-$system; fi
program=unbroken
if [ "$system" = pc-windows-msvc ]; then program=unbroken.exe; fi

cache=${RUNNER_TOOL_CACHE:-${RUNNER_TEMP:-/tmp}}
cache=${cache//\\//}/unbroken/$version/${target:-source}

on_path() {
  echo "$cache/bin" >>"${GITHUB_PATH:?}"
  echo "unbroken $version is in $cache/bin"
}

if is_right "$cache/bin/$program"; then
  on_path
  exit 0
fi

# The repository that the action comes from, which is where its releases are. `uses: ./` has none.
origin=${ACTION_REPOSITORY:-}
if [ -z "$origin" ] && [[ $root == */_actions/*/*/* ]]; then
  rest=${root#*/_actions/}
  owner=${rest%%/*}
  rest=${rest#*/}
  origin=$owner/${rest%%/*}
fi

digest() {
  # By name, sha256sum would put a backslash before the digest of a file at D:\…
  if command -v sha256sum >/dev/null; then sha256sum <"$1"; else shasum -a 256 <"$1"; fi | cut -d " " -f 1
}

# Fails (1) where there is no such release; a release that is not what was committed ends the job.
from_release() {
  local archive=unbroken-$target.tar.gz expected scratch
  if [ -z "$target" ] || [ -z "$origin" ]; then return 1; fi
  expected=$(sed -n "s/^\([0-9a-f]\{64\}\)  v$version $archive\$/\1/p" "$here/checksums.txt")
  if [ -z "$expected" ]; then return 1; fi
  scratch=$(mktemp -d "${RUNNER_TEMP:-/tmp}/unbroken.XXXXXX")
  curl --fail --silent --show-error --location --retry 3 --max-time 300 --output "$scratch/$archive" \
    "${GITHUB_SERVER_URL:-https://github.com}/$origin/releases/download/v$version/$archive" || return 1
  if [ "$(digest "$scratch/$archive")" != "$expected" ]; then
    echo "::error title=unbroken::$archive of release v$version is not the file whose SHA-256 is committed; it was not run"
    exit 4
  fi
  mkdir -p "$cache/bin"
  # Named, an archive at D:\… would lie on a host called D to tar.
  tar -xz -C "$cache/bin" "$program" <"$scratch/$archive"
  rm -r "$scratch"
  is_right "$cache/bin/$program"
}

if from_release; then
  on_path
  exit 0
fi

if ! command -v cargo >/dev/null; then
  echo "::error title=unbroken::no release of v$version for ${target:-this machine} could be had, and there is no cargo to build it; put unbroken $version on PATH or install Rust before this step"
  exit 3
fi
echo "::notice title=unbroken::no release of v$version for ${target:-this machine} could be had; building it from the action's own source"
cargo install --quiet --locked --path "$root" --root "$cache"
on_path
