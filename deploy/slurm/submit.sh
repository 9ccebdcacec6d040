#!/bin/bash
# Queues the array, and behind it the merge, which starts once every task has ended well.
set -eu
here=$(dirname "$(readlink -f "$0")")
array=$(sbatch --parsable "$@" "$here/sweep.sbatch")
merge=$(sbatch --parsable --dependency="afterok:${array%%;*}" --kill-on-invalid-dep=yes "$here/merge.sbatch")
echo "${array%%;*} ${merge%%;*}"
