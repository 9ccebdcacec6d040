#!/usr/bin/env bash
# Runs the sample's sweep on a real Slurm of its own: an array of 8 on this machine's CPUs, one task killed, one
# preempted by a job of a higher partition, the merge by dependency. The curves must equal those of one process.
# Everything is on loopback with ports of its own, and is gone afterwards. Skips, saying so, where Slurm is not there
# and cannot be installed.
set -euo pipefail
# shellcheck source=scripts/schedulers.sh
. "$(dirname "$0")/schedulers.sh"

[ "$(id -u)" -eq 0 ] || skip "slurmd must be started by root"
have slurmctld slurm-wlm munged munge
pids=()
finish() {
  status=$?
  [ "$status" -eq 0 ] || { say "failed with $status"; tail -n 15 "$work"/*.log "$work"/*.out 2>/dev/null || true; }
  export SLURM_CONF="$work/slurm.conf"
  scancel --full --signal=KILL --state=RUNNING --user=root 2>/dev/null || true
  scancel --user=root 2>/dev/null || true
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  [ -n "${KEEP:-}" ] || rm -rf "$work"
  exit "$status"
}
trap finish EXIT

host=$(hostname -s)
port=${SLURM_TEST_PORT:-26817}
mkdir -p "$work"/{state,spool,munge}
chmod 711 "$work/munge"
dd if=/dev/urandom of="$work/munge/key" bs=1024 count=1 status=none
chmod 400 "$work/munge/key"
cat >"$work/cgroup.conf" <<CONF
CgroupPlugin=cgroup/v1
CONF
cat >"$work/slurm.conf" <<CONF
ClusterName=enc-test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
# A job that is queued again waits as long as a credential lives.
AuthInfo=socket=$work/munge/socket,cred_expire=6
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0,bf_interval=1
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
JobRequeue=1
KillWait=20
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 RealMemory=4000 State=UNKNOWN
PartitionName=low Nodes=$host Default=YES PriorityTier=1 GraceTime=20 MaxTime=INFINITE State=UP
PartitionName=high Nodes=$host PriorityTier=9 PreemptMode=OFF MaxTime=INFINITE State=UP
CONF
export SLURM_CONF="$work/slurm.conf"

munged --foreground --force --socket="$work/munge/socket" --key-file="$work/munge/key" \
  --pid-file="$work/munge/pid" --seed-file="$work/munge/seed" --log-file="$work/munge.log" \
  >"$work/munged.out" 2>&1 &
pids+=($!)
until_true "munged" test -S "$work/munge/socket"
slurmctld -D -f "$SLURM_CONF" >"$work/ctld.out" 2>&1 &
pids+=($!)
slurmd -D -f "$SLURM_CONF" -N "$host" >"$work/d.out" 2>&1 &
pids+=($!)
until_true "the node" sh -c "sinfo --noheader -o %t -p low | grep -qx idle"
say "$(slurmctld -V), node $host idle"

submit() { (cd "$work" && "$root/deploy/slurm/submit.sh" --array=1-8 --mem=600 --output="$work/task-%a.out"); }

state_of() { squeue --noheader --array -j "$1" -o "%K %T %r" 2>/dev/null; }
has_restarted() { scontrol show job "${array}_$1" | grep -q "Restarts=[1-9]"; }

read -r array merge <<<"$(submit)"
say "array $array of 8 tasks, merge $merge behind it"
until_true "the first results" more_units 12
strike KILL
until_true "the killed task to be queued again" has_restarted "$struck"

# A task that still starts is killed by SIGTERM at once, so it has to have measured something.
measuring() {
  local newest
  # shellcheck disable=SC2012 # the names are plain
  newest=$(ls -t "$work"/pid-* | head -n 1)
  [ "$(find "$RESULTS" -name '*.json' -newer "$newest" | wc -l)" -ge 8 ]
}
preempted() { grep -qs "Stopped by SIGTERM" "$work"/task-*.out; }
over() { ! squeue --noheader -j "$1" 2>/dev/null | grep -q .; }
until preempted; do
  until_true "tasks that measure" measuring
  urgent=$(cd "$work" && sbatch --parsable --partition=high --cpus-per-task=2 --mem=100 --output=/dev/null --wrap "true")
  say "job $urgent of a higher partition preempts what runs, at $(units) results"
  until_true "job $urgent to end" over "$urgent"
done
say "stopped: $(grep -h "Stopped by SIGTERM" "$work"/task-*.out | head -n 1)"

ended() { ! state_of "$array,$merge" | grep -q .; }
until_true "all to end" ended
grep -h "^Shard" "$work"/task-*.out | sed 's/^/test-slurm: /'
[ -s "$OUT" ] || { say "no merged curves: $(cat "$work"/slurm-"$merge".out)"; exit 1; }

equals_single
