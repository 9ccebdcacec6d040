import { loadPart } from '../../../network/parts';
import { useLoaded } from '../../charts/useLoaded';
import { useActions, useStudio } from '../../context/context';
import { Dialog } from '../../ui/Dialog';
import styles from './Explanation.module.css';

const loadExplanation = () =>
  loadPart('the explanation', () => import('./Explanation')).then((part) => part.Explanation);

/** How it works, with figures of the network that is open; it comes when it is first opened. */
export function ExplainDialog() {
  const isOpen = useStudio((state) => state.ui.isExplaining && state.network !== null);
  const { explain } = useActions();
  return (
    <Dialog
      isOpen={isOpen}
      onClose={() => explain(false)}
      labelledBy="explain-title"
      className={styles.dialog}
    >
      <Content />
    </Dialog>
  );
}

function Content() {
  const { part: Explanation, problem } = useLoaded(loadExplanation);
  if (Explanation) return <Explanation />;
  return (
    <>
      <h2 id="explain-title">How it works</h2>
      {problem === null ? <p role="status">Loading…</p> : <p role="alert">{problem}</p>}
    </>
  );
}
