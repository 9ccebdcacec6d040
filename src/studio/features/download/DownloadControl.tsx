import { useRef } from 'react';
import type { OfferedForm } from '../../../../workers/protocol/summaries';
import type { MethodLook } from '../../model/methods';
import type { PlanFormat } from '../../../project/planFiles';
import { bestPlan } from '../../../project/best';
import { statusOf } from '../../../project/jobStatus';
import { repairing } from '../../../project/kinds';
import { formatSecondsLeft } from '../../../project/numbers';
import { useActions, useStudio } from '../../context/context';
import { offeredForms } from '../../store/selectors';
import type { StudioState } from '../../store/state';
import { Button } from '../../ui/Button';
import buttonStyles from '../../ui/Button.module.css';
import styles from './DownloadControl.module.css';
import { Popover } from '../../ui/Popover';

/** Writes a method's network: in the default form at once, in any other from the menu beside it. */
export function DownloadControl({ look }: { readonly look: MethodLook }) {
  const isWriting = useStudio((state) => statusOf(state.jobs, 'export', look.method)?.state === 'running');
  const isWaiting = useStudio(({ waitingDownloads }) => waitingDownloads[look.method] !== undefined);
  const [defaultForm] = useStudio(offeredForms);
  const isStrong = useStudio((state) => recommended(state) === look.method);
  const { download } = useActions();
  const face = isStrong ? 'filled' : 'plain';
  if (isWaiting) return <WaitingDownload look={look} />;
  return (
    <div className={styles.control} {...(isStrong ? { 'data-step': 'download' } : {})}>
      <Button
        look={face}
        className={styles.main}
        disabled={isWriting || !defaultForm}
        aria-label={`Download ${look.name}`}
        title={`Download as ${defaultForm?.title}`}
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

const planFormats: readonly { readonly format: PlanFormat; readonly title: string }[] = [
  { format: 'json', title: 'Plan as JSON' },
  { format: 'csv', title: 'Plan as CSV' },
];

function FormatMenu({ look, isWriting }: { readonly look: MethodLook; readonly isWriting: boolean }) {
  const forms = useStudio(offeredForms);
  const { download, downloadPlan } = useActions();
  const list = useRef<HTMLUListElement>(null);
  const choose = (form: OfferedForm) => {
    list.current?.closest<HTMLElement>('[popover]')?.hidePopover();
    download(look.method, form);
  };
  return (
    <>
      <p className={styles.heading}>Download {look.name} as</p>
      <ul ref={list} className={styles.formats}>
        {forms.map((form) => (
          <li key={form.id}>
            <button type="button" aria-label={form.title} disabled={isWriting} onClick={() => choose(form)}>
              <span>{form.title}</span>
              <span className={styles.ending}>{form.ending}</span>
            </button>
          </li>
        ))}
        {planFormats.map(({ format, title }) => (
          <li key={format}>
            <button type="button" aria-label={title} onClick={() => downloadPlan(look.method, format)}>
              <span>{title}</span>
              <span className={styles.ending}>.{format}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Chevron() {
  return (
    <svg width="10" height="6" viewBox="0 0 10 6" aria-hidden="true">
      <path d="M1 1l4 4 4-4" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
    </svg>
  );
}
