import type { NodeGroup } from './fusion';

/** Which steps to run to get some values from others, and what can be dropped after each. */
export interface Schedule {
  readonly entries: readonly ScheduleEntry[];
}

export interface ScheduleEntry {
  /** Index of the step. */
  readonly step: number;
  /** Values that no later step reads and nobody asked for. */
  readonly release: readonly string[];
}

/**
 * Finds the steps between given and wanted values: only those that something wanted depends on and that no
 * given value makes unnecessary.
 *
 * @throws Error where a wanted value is neither given nor written by any step (a caller's mistake: it may have
 * been fused away)
 */
export function scheduleSteps(
  groups: readonly NodeGroup[],
  given: ReadonlySet<string>,
  wanted: readonly string[],
): Schedule {
  const writers = new Map(groups.map((group, index) => [group.output, index]));
  const needed = new Set<number>();
  const pending = wanted.filter((value) => !given.has(value));
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    const step = writers.get(value);
    if (step === undefined)
      throw new Error(
        `executor: expected value "${value}" to be given or kept, found no step that writes it`,
      );
    if (needed.has(step)) continue;
    needed.add(step);
    for (const input of groups[step]!.inputs) if (!given.has(input)) pending.push(input);
  }
  const steps = [...needed].sort((a, b) => a - b);
  return { entries: withReleases(groups, steps, new Set([...given, ...wanted])) };
}

function withReleases(
  groups: readonly NodeGroup[],
  steps: readonly number[],
  lasting: ReadonlySet<string>,
): readonly ScheduleEntry[] {
  const seen = new Set<string>(lasting);
  const entries: ScheduleEntry[] = [];
  for (const step of [...steps].reverse()) {
    const { inputs } = groups[step]!;
    const release = [...new Set(inputs)].filter((value) => !seen.has(value));
    release.forEach((value) => seen.add(value));
    entries.push({ step, release });
  }
  return entries.reverse();
}

/**
 * Values that must be at hand to go on from a step: those written before it (or the network's input) that it
 * or a later step on the way to the outputs reads.
 */
export function frontierBefore(
  groups: readonly NodeGroup[],
  step: number,
  outputs: readonly string[],
): readonly string[] {
  const later = new Set(groups.slice(step).map((group) => group.output));
  const read = groups.slice(step).flatMap((group) => group.inputs);
  return [...new Set([...read, ...outputs])].filter((value) => !later.has(value));
}
