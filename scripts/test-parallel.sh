#!/usr/bin/env bash
# Runs the sample's sweep under GNU parallel, and then as a Kubernetes Indexed Job would, with retries of the same
# index; processes are killed and stopped on the way. The curves must equal those of one process.
set -euo pipefail
# shellcheck source=scripts/schedulers.sh
. "$(dirname "$0")/schedulers.sh"
trap '[ "$?" -eq 0 ] || cat "$work"/*.out; rm -rf "$work"' EXIT

under_parallel() {
  SHARDS=6 "$root/deploy/parallel.sh" --jobs 2 >"$work/parallel.out" 2>&1 &
  local running=$!
  until_true "the first results" more_units 8
  strike KILL
  until_true "more results" more_units $(($(units) + 8))
  stop_one "$work/parallel.out"
  wait "$running" || { cat "$work/parallel.out"; exit 1; }
  grep "found done" "$work/parallel.out"
}

# One index of an Indexed Job: status 75 is not held against it (podFailurePolicy), others are, up to 3 times.
play_index() {
  local failures=0 status
  while [ "$failures" -le 3 ]; do
    status=0
    # shellcheck disable=SC2086
    JOB_COMPLETION_INDEX=$1 "$ENC" $WORK --threads 1 --shards 3 --out "$RESULTS" || status=$?
    [ "$status" -ne 0 ] || return 0
    echo "index $1 ended with $status"
    [ "$status" -eq 75 ] || failures=$((failures + 1))
  done
  return 1
}

as_indexed_job() {
  local running=()
  for index in 0 1 2; do
    play_index "$index" >"$work/index-$index.out" 2>&1 &
    running+=($!)
  done
  until_true "the first results" more_units 8
  strike KILL
  until_true "more results" more_units $(($(units) + 8))
  stop_one "$work"/index-*.out
  for pid in "${running[@]}"; do wait "$pid"; done
  cat "$work"/index-*.out
  grep -q "ended with 137" "$work"/index-*.out
  "$ENC" merge "$RESULTS" --out "$OUT" >/dev/null
}

have parallel parallel
under_parallel
equals_single

rm -rf "$RESULTS" "$OUT" "$work"/pid-*
as_indexed_job
equals_single
