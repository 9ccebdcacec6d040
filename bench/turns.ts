import { median, quantile } from './harness';

/** Processor time of one run in milliseconds: what remains comparable on a busy machine. */
export interface Timing {
  readonly median: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
  /** The fastest run: the one that other load on the machine disturbed least. */
  readonly least: number;
}

/** Rounds before the clock starts: code is compiled and weights are packed on first use. */
const warmUps = 4;

/**
 * Times computations against each other. They take turns, in reversed order every other round, so that whatever else
 * the machine does hits all of them alike.
 *
 * @param rounds timed runs of each
 */
export async function inTurns(
  runs: readonly (() => void | Promise<void>)[],
  rounds: number,
): Promise<readonly Timing[]> {
  const times = runs.map((): number[] => []);
  for (let round = -warmUps; round < rounds; round++) {
    const order = runs.map((_, index) => index);
    for (const index of round % 2 === 0 ? order : order.reverse()) {
      const time = await processorTime(runs[index]!);
      if (round >= 0) times[index]!.push(time);
    }
  }
  return times.map((list) => ({
    median: median(list),
    lowerQuartile: quantile(list, 0.25),
    upperQuartile: quantile(list, 0.75),
    least: Math.min(...list),
  }));
}

/** Of all threads of this process. */
async function processorTime(run: () => void | Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Ratios of fastest runs, and of medians, to those of the first. */
export function ratios(timings: readonly Timing[]): readonly { least: number; median: number }[] {
  const [first] = timings;
  return timings.map(({ least, median: middle }) => ({
    least: least / first!.least,
    median: middle / first!.median,
  }));
}

/** A timing of a part of a run. */
export function scaled({ median, lowerQuartile, upperQuartile, least }: Timing, factor: number): Timing {
  return {
    median: median * factor,
    lowerQuartile: lowerQuartile * factor,
    upperQuartile: upperQuartile * factor,
    least: least * factor,
  };
}
