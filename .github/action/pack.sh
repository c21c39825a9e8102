#!/usr/bin/env bash
# pack.sh TARGET FOLDER: unbroken-TARGET.tar.gz of the binary in FOLDER, with its licences, completions and manual.
set -euo pipefail

target=$1 folder=$2
program=unbroken
if [[ $target == *-windows-* ]]; then program=unbroken.exe; fi
packed=$(mktemp -d)
cp "$folder/$program" README.md LICENSE-MIT LICENSE-APACHE "$packed"
for shell in bash zsh fish powershell elvish; do
  "$folder/$program" completions "$shell" >"$packed/unbroken.$shell"
done
"$folder/$program" man >"$packed/unbroken.1"
(cd "$packed" && tar -czf - -- *) >"unbroken-$target.tar.gz"
rm -r "$packed"
