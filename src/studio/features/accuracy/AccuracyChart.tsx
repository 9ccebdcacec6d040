import { useMemo, useState } from 'react';
import { loadPart } from '../../../network/parts';
import { figurePoints, type FigurePoint } from '../../../project/figurePoints';
import {
  accuracyOf,
  isMeasuringBlocked,
  originalMeasurement,
  type Accuracy,
} from '../../../project/measurements';
import { formatPercent } from '../../../project/numbers';
import { FigureFrame } from '../../charts/FigureFrame';
import { LayeredPlot, type PlotBox } from '../../charts/LayeredPlot';
import { useLoaded } from '../../charts/useLoaded';
import { useSteady } from '../../charts/useSteady';
import { useStudio } from '../../context/context';
import type { StudioState } from '../../store/state';
import { Button } from '../../ui/Button';
import styles from './AccuracyChart.module.css';
import { fittedAccuracy, isWhole, spotsOf, wholeStretch } from './figureAxes';
import { FigureButton } from './FigureButton';
import { Legend } from './Legend';
import { PointCursor, PointTip } from './PointCursor';
import { pointSentence } from './pointNames';
import { TargetLine } from './TargetLine';
import { usePredictedLines } from './usePredictedLines';

const loadPlot = () =>
  loadPart('the figure of accuracy', () => import('./AccuracyPlot')).then((part) => part.AccuracyPlot);

/** Room below the plot: numbers, and the brush. */
const gutterBottom = 40;
/** Before the plot has a size. */
const noBox: PlotBox = { width: 0, height: 0, left: 0, right: 0, bottom: 0 };

/** Accuracy against MACs: what was measured so far, with intervals, and where the target stands. */
export function AccuracyChart() {
  const all = useStudio(figurePoints);
  const original = useStudio((state) => originalMeasurement(state));
  const emptyText = useStudio(whyEmpty);
  const isWanted = useStudio(isPlotWanted);
  const { part: Plot, problem } = useLoaded(isWanted ? loadPlot : null);
  const foretold = usePredictedLines();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [across, setAcross] = useState(wholeStretch);
  const [resets, setResets] = useState(0);
  const [box, setBox] = useState(noBox);
  const [pointed, setPointed] = useState<string | null>(null);
  const [focused, setFocused] = useState<string | null>(null);

  const reference = useMemo(() => original && accuracyOf(original, null), [original]);
  // What is measured beside them comes every moment; the chart is drawn anew only where something shown has changed.
  const lines = useSteady(foretold.filter(({ method }) => !hidden.has(method)));
  const points = useSteady(
    all.filter(
      ({ method, achieved }) => !hidden.has(method) && achieved >= across.low && achieved <= across.high,
    ),
  );
  const up = useMemo(
    () => fittedAccuracy(points, reference, across, box.height),
    [points, reference, across, box.height],
  );
  const spots = useMemo(() => spotsOf(points, across, up, box), [points, across, up, box]);
  const spot = spots.find(({ key }) => key === (pointed ?? focused));
  const isAgreement = original !== null && original.top1 === null;

  function showWhole(): void {
    setAcross(wholeStretch);
    setResets(resets + 1);
  }

  return (
    <FigureFrame
      title={isAgreement ? 'Agreement with the original against MACs' : 'Accuracy against MACs'}
      summary={summaryOf(points, reference)}
      aside={
        <>
          <Legend hidden={hidden} onHide={setHidden} />
          <FigureButton />
        </>
      }
      gutterBottom={gutterBottom}
    >
      <LayeredPlot
        onBox={setBox}
        chart={
          Plot &&
          box.height > 0 && (
            <Plot
              {...{ box, across, up, spots, lines, reference, resets }}
              onStretch={setAcross}
              onPoint={setPointed}
            />
          )
        }
      >
        <TargetLine across={across} />
        <PointCursor
          spots={spots.toSorted((a, b) => a.x - b.x)}
          {...{ across, up, at: focused, onMove: setFocused }}
        />
        {!isWhole(across) && (
          <Button className={styles.all} aria-label="Show the whole axis" onClick={showWhole}>
            All
          </Button>
        )}
        {spot && <PointTip {...{ spot, across, up }} />}
        {problem !== null ? (
          <p className={styles.empty} role="alert">
            {problem}
          </p>
        ) : (
          all.length === 0 && !reference && <p className={styles.empty}>{emptyText}</p>
        )}
      </LayeredPlot>
    </FigureFrame>
  );
}

/** Curves and the first plans by them come first: the library takes from the thread that draws them. */
function isPlotWanted(state: StudioState): boolean {
  const plans = Object.values(state.completed?.plans ?? {});
  return plans.some(({ predicted }) => predicted !== null) || originalMeasurement(state) !== null;
}

function whyEmpty(state: StudioState): string {
  if (!state.images) return 'Open labelled images, and measured accuracy appears here.';
  if (isMeasuringBlocked(state)) return 'Nothing is measured, because the original network was not.';
  return 'The first measured points appear here in a moment.';
}

function summaryOf(points: readonly FigurePoint[], reference: Accuracy | null): string {
  const original = reference ? `Original network: ${formatPercent(reference.share)}.` : '';
  const sentences = points.map((point) => `${pointSentence(point)}.`);
  return [original, ...sentences].join(' ').trim() || 'Nothing is measured yet.';
}
