import { useEffect, useState, type ComponentType } from 'react';
import { loadPart } from '../../../network/parts';
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
  const [part, setPart] = useState<{ readonly Explanation: ComponentType } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let isHere = true;
    void loadExplanation().then(
      (Explanation) => isHere && setPart({ Explanation }),
      (error: Error) => isHere && setProblem(error.message),
    );
    return () => {
      isHere = false;
    };
  }, []);
  if (part) return <part.Explanation />;
  return (
    <>
      <h2 id="explain-title">How it works</h2>
      {problem === null ? <p role="status">Loading…</p> : <p role="alert">{problem}</p>}
    </>
  );
}
