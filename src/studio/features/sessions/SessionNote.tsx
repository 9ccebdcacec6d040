import { useActions, useStudio } from '../../context/context';
import { Button } from '../../ui/Button';
import { FailureNote } from '../../ui/FailureNote';
import styles from './SessionNote.module.css';

/** What there is to say or ask about the session, over the page; nothing most of the time. */
export function SessionNote() {
  const failure = useStudio((state) => state.session.failure);
  const jobFailure = useStudio(({ jobs }) => {
    const job = jobs.session?.[''];
    return job?.state === 'failed' ? job.failure : null;
  });
  const { dismissSessionNote, dismiss } = useActions();
  return (
    <div className={styles.notes}>
      {failure && <FailureNote failure={failure} onDismiss={dismissSessionNote} />}
      {jobFailure && (
        <FailureNote failure={jobFailure} onDismiss={() => dismiss({ kind: 'session', key: '' })} />
      )}
      <Leave />
    </div>
  );
}

/** Asks whether the browser may keep a person's own files. */
function Leave() {
  const isAsked = useStudio(({ session, network, samples }) => {
    if (!session.canKeepFiles || session.keepsFiles !== null || !network) return false;
    return samples.opened[network.summary.fingerprint] === undefined;
  });
  const name = useStudio((state) => state.document.network?.name ?? '');
  const { keepFiles } = useActions();
  if (!isAsked) return null;
  return (
    <section className={styles.leave} aria-label="Keep files">
      <p>
        Keep {name} and its images in this browser, so that a reload brings them back? They stay on this
        machine, 1 GB at most.
      </p>
      <Button onClick={() => void keepFiles(true)}>Keep</Button>
      <Button look="quiet" onClick={() => void keepFiles(false)}>
        Do not keep
      </Button>
    </section>
  );
}
