import { useEffect, useMemo, useState } from 'react';
import { foretellings } from '../../../project/foretelling';
import { presentRepair } from '../../../project/measurements';
import { plannerOf } from '../../../project/planning';
import { useStudio } from '../../context/context';
import { predictLines, type PredictedLine } from './predictedLines';

/** How long curves must rest before the lines are worked out. */
const restMilliseconds = 600;

/** Accuracy that is foretold of a method's plans, by share of MACs. */
export interface ForetoldLine {
  readonly method: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** What curves and measurements foretell for every method: computed once per set of curves, off every drag. */
export function usePredictedLines(): readonly ForetoldLine[] {
  const planner = useStudio((state) => plannerOf(state) ?? null);
  const foretell = useStudio(foretellings);
  const stage = useStudio((state) => (presentRepair(state) ? 'repaired' : 'cut'));
  const [lines, setLines] = useState<readonly PredictedLine[]>([]);
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      if (planner) void predictLines(planner, abort.signal, setLines);
      else setLines([]);
    }, restMilliseconds);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [planner]);
  // What was measured says where a line runs; before that there is none.
  const fit = foretell[stage] ?? foretell.cut;
  return useMemo(
    () =>
      lines.map(({ method, points }) => ({
        method,
        points: points.flatMap(({ achieved, quality }) => {
          const share = fit?.at(-Math.log(quality))?.share;
          return share === undefined ? [] : [{ x: achieved, y: share }];
        }),
      })),
    [lines, fit],
  );
}
