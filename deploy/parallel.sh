#!/bin/bash
# Shares the work between the processors of this machine, or of several by GNU parallel's --sshlogin.
set -eu

# The three lines to change.
ENC=${ENC:-/opt/enc-studio/deploy/enc}
WORK=${WORK:-sweep resnet50.onnx --data pictures --images 10000 --exhaustive}
RESULTS=${RESULTS:-results}

SHARDS=${SHARDS:-64}
OUT=${OUT:-curves.json}

# A shard that was stopped or killed is tried again and goes on from what lies in the folder.
seq "$SHARDS" | parallel --will-cite --line-buffer --retries 4 --termseq TERM,20000,KILL "$@" \
  "$ENC $WORK --threads 1 --shard {}/$SHARDS --out $RESULTS"

"$ENC" merge "$RESULTS" --out "$OUT"
