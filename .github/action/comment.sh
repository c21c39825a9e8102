#!/usr/bin/env bash
# Writes the comment on the pull request, in the place of the one that an earlier run has written.
# A token that may not write (a fork's) costs a notice, never the verdict.
set -euo pipefail

api=${GITHUB_API_URL:-https://api.github.com}
scratch=$(mktemp -d "${RUNNER_TEMP:-/tmp}/unbroken-comment.XXXXXX")
trap 'rm -r "$scratch"' EXIT

# The token is read from a file that only we can read, not shown in the list of processes.
(umask 077 && printf 'header = "Authorization: Bearer %s"\n' "$INPUT_GITHUB_TOKEN" >"$scratch/curl")

# call METHOD PATH [curl options]: the body goes to $scratch/answer, the status is printed.
call() {
  local method=$1 path=$2 status
  shift 2
  status=$(curl --silent --show-error --max-time 60 --retry 2 --config "$scratch/curl" \
    --header 'Accept: application/vnd.github+json' --header 'X-GitHub-Api-Version: 2022-11-28' \
    --request "$method" --output "$scratch/answer" --write-out '%{http_code}' "$@" "$api/$path") || true
  # What cannot be reached has answered 000; what could not even be asked, nothing.
  echo "${status:-000}"
}

give_up() {
  echo "::notice title=unbroken::the pull request was not commented on ($1 answered $2); the report is in the summary of this run"
  exit 0
}

comments=repos/$GITHUB_REPOSITORY/issues/$COMMENT_PULL_REQUEST/comments
existing=
for page in {1..100}; do
  status=$(call GET "$comments?per_page=100&page=$page")
  if [ "$status" != 200 ]; then give_up "listing its comments" "$status"; fi
  # Whoever answers in GitHub's place may say anything.
  found=$(unbroken ci comment --ours "$COMMENT" "$scratch/answer") ||
    give_up "listing its comments" "something else"
  case $found in
    more) ;;
    none) break ;;
    *)
      existing=$found
      break
      ;;
  esac
done

if [ -n "$existing" ]; then
  status=$(call PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$existing" --data-binary "@$COMMENT")
elif [ "$COMMENT_MODE" = upsert ]; then
  status=$(call POST "$comments" --data-binary "@$COMMENT")
else
  # Nothing was found, now or before.
  exit 0
fi
case $status in
  2*) ;;
  *) give_up "writing the comment" "$status" ;;
esac
