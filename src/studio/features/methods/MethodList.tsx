import { formatDifference, formatHalfWidth, formatPercent } from '../../../project/numbers';
import type { StoredNote } from '../../store/state';
import { bestPlan } from '../../../project/best';
import { bestText } from '../../../project/bestText';
import { offeredMethods } from '../../model/methods';
import { inputDoubt } from '../../store/selectors';
import type { ExportedNetwork } from '../../../../workers/protocol/export';
import type { Failure } from '../../../network/failure';
import { backgroundJobs } from '../../../project/jobs';
import { listed, type JobId, type Jobs, type JobStatus } from '../../../project/jobStatus';
import { measuring } from '../../../project/kinds';
import { chosenLatency } from '../../../project/latencies';
import { measuredOnText } from '../../../project/latencyText';
import { misfit } from '../../../project/measurements';
import { useActions, useStudio } from '../../context/context';
import { FailureNote } from '../../ui/FailureNote';
import { Word } from '../../words/Word';
import styles from './MethodList.module.css';
import { MethodRow } from './MethodRow';
import { OriginalRow } from './OriginalRow';
import { PlanTools } from './PlanTools';

type Comparison = ExportedNetwork['comparison'];

const headings = (isLabelled: boolean) => [
  'Method',
  `${isLabelled ? 'Top-1' : 'Agreement'} as cut`,
  `${isLabelled ? 'Top-1' : 'Agreement'} repaired`,
  'Same answers',
  'Time',
  'MACs',
  'Parameters, file',
];

/** The original and every method's answer to the target, one under the other in the same units. */
export function MethodList() {
  const isLabelled = useStudio((state) => state.images?.labels !== null);
  return (
    <section className={styles.list} aria-label="Methods">
      <div className={styles.head}>
        {headings(isLabelled).map((heading) => (
          <span key={heading}>
            <Word>{heading}</Word>
          </span>
        ))}
      </div>
      <OriginalRow />
      {offeredMethods().map((look) => (
        <MethodRow key={look.method} look={look} />
      ))}
      <PlanTools />
      <Notes />
    </section>
  );
}

/** What there is to say about the rows: one line of constant height, longer only where something failed. */
function Notes() {
  const doubt = useStudio(inputDoubt);
  const saved = useStudio((state) => Object.values(state.exports).at(-1) ?? null);
  const hasImages = useStudio((state) => state.images !== null);
  const report = useStudio(chosenLatency);
  const best = useStudio(bestPlan);
  const jobs = useStudio((state) => state.jobs);
  const { comparison, fileName } = saved ?? {};
  const text = comparison
    ? savedText(fileName!, comparison, saved!.stored)
    : (doubt ??
      (hasImages
        ? `${best ? `${bestText(best)} ` : ''}Measured on the report images, ± half of the 95 % interval. ${
            report ? `Times of one image, in turns with the original (${measuredOnText(report)}).` : ''
          }`.trim()
        : 'Open images to measure accuracy.'));
  return (
    <>
      <p
        className={styles.note}
        role="status"
        data-kind={comparison ? (isProven(comparison) ? 'good' : 'doubt') : doubt ? 'doubt' : 'plain'}
      >
        {text}
      </p>
      {failingJobs(jobs).map(({ id, status }) => (
        <JobFailure key={`${id.kind} ${id.key}`} id={id} failure={status.failure} />
      ))}
    </>
  );
}

/**
 * "Read back before it was offered: largest difference 3e-7 of scores up to 12 on 64 images; in ONNX Runtime 1.30.0
 * 2e-7 on 8."
 */
function savedText(fileName: string, comparison: Comparison, stored: StoredNote | null): string {
  const { images, largestDifference, largestScore, runtime } = comparison;
  const own = `largest difference ${formatDifference(largestDifference)} of scores up to ${largestScore.toPrecision(2)} on ${images} images`;
  const others =
    runtime === null
      ? ''
      : 'refusal' in runtime
        ? `; ${runtime.name} could not run it: ${runtime.refusal}`
        : `; in ${runtime.name} ${formatDifference(runtime.largestDifference)} on ${runtime.images}`;
  return `${fileName} saved.${stored ? ` ${storedText(stored)}` : ''} Read back before it was offered: ${own}${others}.`;
}

/** "int8 weights: 92.8 % ±1.6 on the report images, 93.0 % before." */
function storedText({ title, accuracy, before }: StoredNote): string {
  if (!accuracy) return `${title}: not measured, for want of images.`;
  const earlier = before ? `, ${formatPercent(before.share)} before` : '';
  return `${title}: ${formatPercent(accuracy.share)} ${formatHalfWidth(accuracy.interval)} on the report images${earlier}.`;
}

/** Whether nothing that looked at the file had to give up. */
function isProven({ runtime }: Comparison): boolean {
  return runtime === null || !('refusal' in runtime);
}

/** Kinds of jobs that a person starts from here. */
const ownKinds = ['export', 'figure'];

type Failed = Extract<JobStatus, { state: 'failed' }>;

/** What failed of the work that the rows show, unless that is told elsewhere. */
function failingJobs(jobs: Jobs): readonly { readonly id: JobId; readonly status: Failed }[] {
  const isToldHere = ({ kind }: JobId) => {
    const job = backgroundJobs.find(kind);
    return job ? !job.isToldElsewhere : ownKinds.includes(kind);
  };
  return listed(jobs).flatMap(({ id, status }) =>
    status.state === 'failed' && isToldHere(id) ? [{ id, status }] : [],
  );
}

function JobFailure({ id, failure }: { readonly id: JobId; readonly failure: Failure }) {
  // Images that do not fit are spoken of where the images are.
  const isElsewhere = useStudio((state) => {
    const found = misfit(state);
    return id.kind === measuring && found?.key === id.key && found.failure.code === 'images-do-not-fit';
  });
  const { dismiss } = useActions();
  return isElsewhere ? null : <FailureNote failure={failure} onDismiss={() => dismiss(id)} />;
}
