#!/usr/bin/env bash
# Brings what the base needs into the clone, then compares. All that people and later steps read is
# written before the exit code is looked at; the last step of the action fails with it.
set -euo pipefail

arguments=()
option() { if [ -n "$2" ]; then arguments+=("$1" "$2"); fi; }
while IFS= read -r line; do
  line=${line//$'\r'/}
  option --base "$line"
done <<<"$INPUT_BASE"
option --config "$INPUT_CONFIG"
option --config-from "$INPUT_CONFIG_FROM"
option --mode "$INPUT_MODE"
option --surface "$INPUT_SURFACE"

# A clone without credentials must fail, not ask.
export GIT_TERMINAL_PROMPT=0

fetch() {
  git fetch --quiet "$@" && return
  # The checkout may not have left its token behind. It is handed over in the environment, where other
  # processes of the machine cannot read it.
  [ -n "$INPUT_GITHUB_TOKEN" ] || return 1
  local secret
  secret=$(printf 'x-access-token:%s' "$INPUT_GITHUB_TOKEN" | base64 | tr -d '\n')
  GIT_CONFIG_COUNT=1 \
    GIT_CONFIG_KEY_0="http.${GITHUB_SERVER_URL:-https://github.com}/.extraheader" \
    GIT_CONFIG_VALUE_0="AUTHORIZATION: basic $secret" \
    git fetch --quiet "$@"
}

# Each round brings one missing thing: the merge base of two histories, and each pattern of versions that
# are still in use, may need one of its own. What a fetch did not bring, another like it does not either.
before=
for _ in {1..20}; do
  words=()
  while IFS= read -r word; do words+=("$word"); done \
    < <(unbroken ci missing ${arguments[@]+"${arguments[@]}"} 2>/dev/null || true)
  if [ "${#words[@]}" -eq 0 ] || [ "${words[*]}" = "$before" ]; then break; fi
  before=${words[*]}
  fetch "${words[@]}" || break
done

option --fail-on "$INPUT_FAIL_ON"
option --annotations "$INPUT_ANNOTATIONS"
option --summary "$INPUT_SUMMARY"
option --comment "$INPUT_COMMENT"
option --key "$INPUT_KEY"
reports=$(mktemp -d "${RUNNER_TEMP:-/tmp}/unbroken-report.XXXXXX")
code=0
unbroken ci github --reports "$reports" ${arguments[@]+"${arguments[@]}"} || code=$?
echo "exit-code=$code" >>"$GITHUB_OUTPUT"
