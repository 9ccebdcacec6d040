import type { Recipe } from '../../../compression/recipe';
import { chosenLatency, latencyOf, timingStatus } from '../../../project/latencies';
import { factorText, formatMilliseconds, measuredOnText, speedUpText } from '../../../project/latencyText';
import { timing } from '../../../project/kinds';
import type { BatchTimings, LatencyReport } from '../../../../workers/protocol/latency';
import { useActions, useStudio } from '../../context/context';
import { Button } from '../../ui/Button';
import { Cell } from './MethodCells';

/** How much faster than the original a plan runs here, on one image. */
export function TimeCell({ recipe, name }: { readonly recipe: Recipe; readonly name: string }) {
  const report = useStudio((state) => latencyOf(state, recipe));
  const [single] = report?.batches ?? [];
  if (!report || !single) return <Cell heading="Time" value={<TimingState recipe={recipe} name={name} />} />;
  const [, plan] = single.timings;
  return (
    <Cell
      heading="Time"
      value={speedUpText(plan!.speedUp)}
      note={formatMilliseconds(plan!.time.median)}
      title={detailsText(report)}
    />
  );
}

/** The original's own time, as it was beside the plan that is shown. */
export function OriginalTimeCell() {
  const report = useStudio(chosenLatency);
  const original = report?.batches[0]?.timings[0];
  return (
    <Cell
      heading="Time"
      value={original ? formatMilliseconds(original.time.median) : ''}
      note={original ? 'one image' : undefined}
      title={report ? measuredOnText(report) : ''}
    />
  );
}

function TimingState({ recipe, name }: { readonly recipe: Recipe; readonly name: string }) {
  const key = useStudio((state) => timingStatus(state, recipe)?.key ?? null);
  const status = useStudio((state) => timingStatus(state, recipe)?.status ?? null);
  const { retry } = useActions();
  if (key === null) return '–';
  if (status?.state === 'running') return 'timing';
  if (!status) return '–';
  return (
    <Button aria-label={`Time ${name}`} onClick={() => retry({ kind: timing, key })}>
      Time
    </Button>
  );
}

/** "1 image: 1.82× faster (1.79× to 1.85×), 2.91 against 5.30 ms; 8 images: …. WebAssembly, 1 thread, this machine." */
function detailsText(report: LatencyReport): string {
  return `${report.batches.map(batchText).join('; ')}. ${measuredOnText(report)}.`;
}

function batchText({ batchSize, timings: [original, plan] }: BatchTimings): string {
  const { speedUp } = plan!;
  const images = batchSize === 1 ? '1 image' : `${batchSize} images`;
  const range = `${factorText(speedUp.lowerQuartile)} to ${factorText(speedUp.upperQuartile)} in half of the rounds`;
  const times = [plan!, original!].map(({ time }) => formatMilliseconds(time.median));
  return `${images}: ${speedUpText(speedUp)} (${range}), ${times.join(' against ')}`;
}
