# shellcheck shell=bash
# Sourced by the tests of schedulers: what they run, and how they look at it.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
name=$(basename "$0" .sh)
say() { echo "$name: $*"; }
skip() {
  say "skipped: $*"
  exit 0
}

# Installs Debian packages whose commands are missing, or skips: have COMMAND PACKAGE …
have() {
  local missing=()
  while [ "$#" -gt 0 ]; do
    command -v "$1" >/dev/null || missing+=("$2")
    shift 2
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  [ "$(id -u)" -eq 0 ] || skip "${missing[*]} not installed, and only root could install it"
  command -v apt-get >/dev/null || skip "${missing[*]} not installed, and no apt-get to install it"
  say "installing ${missing[*]}"
  # One at a time: the tests may run side by side, and apt waits for nobody.
  if ! flock /tmp/enc-studio-apt.lock "$root/scripts/install-packages.sh" "${missing[@]}" >"$work/apt.log" 2>&1; then
    skip "${missing[*]} could not be installed: $(tail -n 1 "$work/apt.log")"
  fi
}

work=$(mktemp -d "/tmp/$name.XXXXXX")
chmod 755 "$work"

# Waits until a command succeeds: until_true WHAT COMMAND …
until_true() {
  local what=$1 end=$((SECONDS + 300))
  shift
  until "$@" >/dev/null 2>&1; do
    if [ "$SECONDS" -ge "$end" ]; then
      say "waited in vain for $what"
      exit 1
    fi
    sleep 0.2
  done
}

# The command line, noting which process works at what, so that one can be killed by its id.
cat >"$work/enc" <<'SH'
#!/bin/sh
echo $$ >"$(dirname "$0")/pid-${SLURM_ARRAY_TASK_ID:-${JOB_COMPLETION_INDEX:-${PARALLEL_SEQ:-merge}}}"
exec "$ROOT/deploy/enc" "$@"
SH
chmod +x "$work/enc"
export ROOT=$root ENC="$work/enc" RESULTS="$work/results" OUT="$work/curves.json"
export WORK="sweep sample:residual --data sample:residual --images 192 --ranks 5 --exhaustive"

# Results there are by now.
units() { find "$RESULTS" -maxdepth 1 -name '*.json' 2>/dev/null | wc -l; }
more_units() { [ "$(units)" -gt "$1" ]; }

# Sends a signal to the process that has worked longest, and says which: strike SIGNAL
strike() {
  local file
  # shellcheck disable=SC2045 # the names are plain
  for file in $(ls -tr "$work"/pid-*); do
    if kill -"$1" "$(cat "$file")" 2>/dev/null; then
      struck=${file##*/pid-}
      say "sent $1 to task $struck at $(units) results"
      return 0
    fi
  done
  return 1
}

# Sends SIGTERM until a process says, in one of the files, that it was stopped: stop_one FILE …
stop_one() {
  until grep -qs "Stopped by SIGTERM" "$@"; do
    strike TERM || true
    until_true "task $struck to end" process_ended "$(cat "$work/pid-$struck")"
  done
}
process_ended() { ! kill -0 "$1" 2>/dev/null || grep -q "State:.Z" "/proc/$1/status"; }

# The merged curves equal those of one process.
equals_single() {
  # shellcheck disable=SC2086 # the words of WORK are several
  [ -s "$work/single.json" ] || "$root/deploy/enc" curves ${WORK#sweep } --metric divergence --out "$work/single.json" >/dev/null
  cmp "$OUT" "$work/single.json"
  say "the merged curves equal those of one process, byte for byte ($(units) files, ${SECONDS} s)"
}
