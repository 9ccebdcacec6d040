import type { MethodLook } from '../../model/methods';
import { bestPlan } from '../../../project/best';
import { statusOf } from '../../../project/jobStatus';
import { repairing } from '../../../project/kinds';
import { formatSecondsLeft } from '../../../project/numbers';
import { chosenStorage } from '../../../project/storage';
import { holds } from '../../../project/storageForms';
import { useActions, useStudio } from '../../context/context';
import { offeredForms } from '../../store/selectors';
import type { StudioState } from '../../store/state';
import { Button } from '../../ui/Button';
import buttonStyles from '../../ui/Button.module.css';
import styles from './DownloadControl.module.css';
import { FormatMenu } from './FormatMenu';
import { Popover } from '../../ui/Popover';

/** Writes a method's network: in the default form at once, in any other from the menu beside it. */
export function DownloadControl({ look }: { readonly look: MethodLook }) {
  const isWriting = useStudio((state) => statusOf(state.jobs, 'export', look.method)?.state === 'running');
  const isWaiting = useStudio(({ waitingDownloads }) => waitingDownloads[look.method] !== undefined);
  const [defaultForm] = useStudio(offeredForms);
  const weights = useStudio((state) => chosenStorage(state).weights);
  const activations = useStudio((state) => chosenStorage(state).activations);
  const isHeld = defaultForm !== undefined && holds(defaultForm, { weights, activations });
  const isStrong = useStudio((state) => recommended(state) === look.method);
  const { download } = useActions();
  const face = isStrong ? 'filled' : 'plain';
  if (isWaiting) return <WaitingDownload look={look} />;
  return (
    <div className={styles.control} {...(isStrong ? { 'data-step': 'download' } : {})}>
      <Button
        look={face}
        className={styles.main}
        disabled={isWriting || !isHeld}
        aria-label={`Download ${look.name}`}
        title={
          isHeld || !defaultForm
            ? `Download as ${defaultForm?.title}`
            : `${defaultForm.title} does not hold ${weights} weights; the formats beside do`
        }
        onClick={() => defaultForm && download(look.method, defaultForm)}
      >
        {isWriting ? 'Checking…' : 'Download'}
      </Button>
      <Popover
        label={`Formats for ${look.name}`}
        face={<Chevron />}
        className={[buttonStyles.button, buttonStyles[face], styles.more].join(' ')}
        panelClassName={styles.panel}
        isLazy
      >
        <FormatMenu look={look} isWriting={isWriting} />
      </Popover>
    </div>
  );
}

/** The one method whose button stands out: the best as measured, the chosen one before that is known. */
function recommended(state: StudioState): string {
  return bestPlan(state)?.method ?? state.document.settings.method;
}

/** A download whose plan is being repaired first: how long that takes, and two ways out. */
function WaitingDownload({ look }: { readonly look: MethodLook }) {
  const job = useStudio(({ jobs, waitingDownloads }) =>
    statusOf(jobs, repairing, waitingDownloads[look.method]),
  );
  const { cancel, downloadWithoutRepair } = useActions();
  const left = job?.state === 'running' ? job.secondsLeft : null;
  return (
    <div className={styles.waiting} role="group" aria-label={`Download of ${look.name}`}>
      <p className={styles.waitingText}>
        Repairing…{left === null ? '' : ` ${formatSecondsLeft(left).replace(' left', '')}`}
      </p>
      <p className={styles.ways}>
        <button
          type="button"
          className={styles.way}
          onClick={() => cancel({ kind: 'export', key: look.method })}
        >
          cancel
        </button>
        {' · '}
        <button
          type="button"
          className={styles.way}
          title="Write the plan as it is, without repair"
          onClick={() => downloadWithoutRepair(look.method)}
        >
          skip repair
        </button>
      </p>
    </div>
  );
}

function Chevron() {
  return (
    <svg width="10" height="6" viewBox="0 0 10 6" aria-hidden="true">
      <path d="M1 1l4 4 4-4" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
    </svg>
  );
}
