import { useRef } from 'react';
import { useActions, useStudio } from '../../context/context';
import { offeredMethods } from '../../model/methods';
import { words } from '../../words/words';
import { Button } from '../../ui/Button';
import styles from './HelpDialog.module.css';
import { FormatsTable } from './FormatsTable';
import { HelpTopics } from './HelpTopics';
import { RefusalList } from './RefusalList';
import iconStyles from '../../ui/IconButton.module.css';

const keys: readonly (readonly [string, string])[] = [
  ['← →', 'move the target by 0.5 %'],
  ['Page Up, Page Down', 'move it by 5 %'],
  ['Home, End', 'to 5 % and to 100 %'],
  ['↑ ↓ in the table', 'go from layer to layer'],
];

/** A short explanation in a dialog of its own. */
export function HelpDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useRef<HTMLHeadingElement>(null);

  const network = useStudio((state) => state.network?.title ?? null);
  const { explain } = useActions();

  function showLive(): void {
    dialog.current?.close();
    explain(true);
  }

  /** From its beginning: by itself a dialog scrolls to its first control, which here is far down. */
  function open(): void {
    dialog.current?.showModal();
    title.current?.focus();
    dialog.current?.scrollTo(0, 0);
  }

  return (
    <>
      <button type="button" className={iconStyles.icon} aria-label="Help" title="Help" onClick={open}>
        <svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentcolor" strokeWidth="1.5">
          <path d="M5.4 5.8a2.6 2.6 0 1 1 3.9 2.3c-.9.5-1.3 1-1.3 1.9" strokeLinecap="round" />
          <circle cx="8" cy="12.6" r=".6" fill="currentcolor" stroke="none" />
        </svg>
      </button>
      <dialog ref={dialog} className={styles.dialog} aria-labelledby="help-title">
        <h2 ref={title} id="help-title" tabIndex={-1}>
          How ENC Studio works
        </h2>
        <ol className={styles.steps}>
          <li>
            Open a trained network. Each layer’s kernel is split by its singular values into two thinner ones.
          </li>
          <li>
            Drag the target. Each method turns the layers’ curves into one rank per layer that fits the
            target.
          </li>
          <li>
            Open images. When the slider rests, the plans are run on them. Download the one you like; the file
            is read back and compared before it is saved.
          </li>
        </ol>
        {network !== null && (
          <p className={styles.live}>
            <Button onClick={showLive}>Show it with the numbers of {network}</Button>
          </p>
        )}
        <h3>Methods</h3>
        <Terms rows={offeredMethods().map(({ name, idea }) => [name, idea])} />
        <HelpTopics />
        <h3>Words</h3>
        <Terms rows={Object.entries(words)} />
        <FormatsTable />
        <RefusalList />
        <h3>Keyboard</h3>
        <Terms rows={keys} />
        <p className={styles.close}>
          <Button onClick={() => dialog.current?.close()}>Close</Button>
        </p>
      </dialog>
    </>
  );
}

function Terms({ rows }: { readonly rows: readonly (readonly [string, string])[] }) {
  return (
    <dl className={styles.terms}>
      {rows.map(([term, text]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
