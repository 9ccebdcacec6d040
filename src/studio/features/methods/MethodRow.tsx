import type { ForetoldAccuracy } from '../../../enc/foretelling';
import { foretold, type Stage } from '../../../project/foretelling';
import { bestPlan } from '../../../project/best';
import { measurementOf, presentRepair, repairedMeasurement } from '../../../project/measurements';
import { imageParts } from '../../../project/images';
import type { MethodLook } from '../../model/methods';
import { racing } from '../../../project/kinds';
import { minSelection } from '../../../project/images';
import { areCurvesInFlux } from '../../../project/sweeps';
import { raceStatus } from '../../../project/race';
import { distilledMeasurement } from '../../../project/distilling';
import { useActions, useStudio } from '../../context/context';
import { Button } from '../../ui/Button';
import { DistilledLine } from '../distilling/DistilledLine';
import { DownloadControl } from '../download/DownloadControl';
import { MeasuringState } from '../measuring/MeasuringState';
import { AccuracyCell, AnswersCell, CostCells } from './MethodCells';
import { MethodMark } from './MethodMark';
import styles from './MethodRow.module.css';
import { RepairState } from '../repair/RepairState';
import { TimeCell } from './TimeCell';

/** One method's answer to the target: what was measured as it is cut and repaired, what it costs, and the file. */
export function MethodRow({ look }: { readonly look: MethodLook }) {
  const planned = useStudio((state) => state.completed?.plans[look.method]);
  const isChosen = useStudio((state) => state.document.settings.method === look.method);
  const measurement = useStudio((state) => (planned ? measurementOf(state, planned.recipe) : null));
  const repaired = useStudio((state) => (planned ? repairedMeasurement(state, planned.recipe) : null));
  const distilled = useStudio((state) => (planned ? distilledMeasurement(state, planned.recipe) : null));
  const foretoldCut = useForetold(look.method, 'cut');
  const foretoldRepaired = useForetold(look.method, 'repaired');
  const isRepairing = useStudio((state) => presentRepair(state) !== null);
  const { selectMethod, lookAtImages } = useActions();
  return (
    <article
      className={styles.row}
      aria-label={look.name}
      data-chosen={isChosen}
      style={{ color: `var(${look.colour})` }}
    >
      <label className={styles.method} title={look.idea}>
        <input
          type="radio"
          name="method"
          aria-label={look.name}
          checked={isChosen}
          onChange={() => selectMethod(look.method)}
        />
        <MethodMark look={look} />
        <span className={styles.name}>
          <h2>{look.name}</h2>
          <BestMark method={look.method} />
        </span>
      </label>
      {planned ? (
        <>
          <AccuracyCell
            stage="As cut"
            measurement={measurement}
            pending={<MeasuringState recipe={planned.recipe} name={look.name} />}
            foretoldNote={<MeasuringState recipe={planned.recipe} name={look.name} isShort />}
            foretold={foretoldCut}
          />
          <div className={styles.stages}>
            <AccuracyCell
              stage="Repaired"
              measurement={repaired}
              pending={<RepairState side={look.method} name={look.name} />}
              foretoldNote={<RepairState side={look.method} name={look.name} isShort />}
              foretold={foretoldRepaired}
            />
            <DistilledLine recipe={planned.recipe} />
          </div>
          <AnswersCell
            measurement={distilled ?? repaired ?? measurement}
            isBefore={isRepairing && !repaired && !planned.isOriginal}
            look={{ name: look.name, onLook: () => lookAtImages(look.method) }}
          />
          <TimeCell recipe={planned.recipe} name={look.name} />
          <CostCells
            macs={planned.plan.costs.macs}
            parameters={planned.plan.costs.parameters}
            bytes={planned.plan.costs.bytes}
          />
          <div className={styles.action}>
            <DownloadControl look={look} />
          </div>
        </>
      ) : (
        <p className={styles.waiting}>{look.isRaced ? <RaceWaits look={look} /> : 'waits for the curves'}</p>
      )}
    </article>
  );
}

/** What is foretold of a plan; the same object until a number of it changes. */
function useForetold(method: string, stage: Stage): ForetoldAccuracy | null {
  const text = useStudio((state) => {
    const planned = state.completed?.plans[method];
    const found = planned && !planned.isOriginal ? foretold(state, planned, stage) : null;
    return found && [found.share, found.low, found.high].map((value) => value.toFixed(3)).join(' ');
  });
  if (text === null) return null;
  const [share = 0, low = 0, high = 0] = text.split(' ').map(Number);
  return { share, low, high };
}

/** Said of the plan to take. */
function BestMark({ method }: { readonly method: string }) {
  const best = useStudio(bestPlan);
  if (best?.method !== method) return null;
  const stage = best.isRepaired ? 'repaired' : 'as cut';
  return (
    <small className={styles.best} title={`Highest accuracy measured at this target (${stage})`}>
      best {stage}
    </small>
  );
}

/** Why a raced method has no plan yet. */
function RaceWaits({ look }: { readonly look: MethodLook }) {
  const job = useStudio((state) => raceStatus(state, look.method)?.status ?? null);
  const isSweeping = useStudio(areCurvesInFlux);
  const images = useStudio((state) => imageParts(state)?.selection.indices.length ?? 0);
  const key = useStudio((state) => raceStatus(state, look.method)?.key ?? null);
  const { retry } = useActions();
  if (job?.state === 'running') return `${job.title} on the selection images`;
  if (job && key !== null) {
    return (
      <Button aria-label={`Race ${look.name}`} onClick={() => retry({ kind: racing, key })}>
        Race
      </Button>
    );
  }
  if (images < minSelection) return 'needs selection images to race plans on';
  return isSweeping ? 'races once the curves are measured' : 'races when the slider rests';
}
