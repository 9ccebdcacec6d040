import { measurementOf, originalMeasurement, repairedMeasurement } from '../../../project/measurements';
import { useEffect, useRef, useState } from 'react';
import type { Method } from '../../../enc/plan';
import { formatInteger } from '../../../project/numbers';
import { lookOf, offeredMethods } from '../../model/methods';
import { Button } from '../../ui/Button';
import { MeasuringState } from '../measuring/MeasuringState';
import { imageParts } from '../../../project/images';
import { useActions, useStudio, useStudioState } from '../../context/context';
import { gridEntries, passesFilter, type GridEntry, type GridFilter } from './entries';
import { ImageGrid } from './ImageGrid';
import styles from './ImagesDialog.module.css';

/** Every image with its label and what the networks answer; there while the person looks at the images. */
export function ImagesDialog() {
  const isOpen = useStudio((state) => state.ui.isLookingAtImages && state.images !== null);
  return isOpen ? <OpenDialog /> : null;
}

function OpenDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const { closeImages } = useActions();
  useEffect(() => {
    dialog.current?.showModal();
    // Where the arrow keys scroll; Escape closes from there.
    dialog.current?.querySelector('ul')?.focus();
  }, []);
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby="images-title" onClose={closeImages}>
      <header className={styles.head}>
        <h2 id="images-title">Images</h2>
        <MethodChoice />
        <Button className={styles.close ?? ''} onClick={() => dialog.current?.close()}>
          Close
        </Button>
      </header>
      <Contents />
    </dialog>
  );
}

/** Whose answers stand beside the original's. */
function MethodChoice() {
  const method = useStudio((state) => state.document.settings.method);
  const { selectMethod } = useActions();
  return (
    <div className={styles.method}>
      <label htmlFor="images-method">Compared with</label>
      <select
        id="images-method"
        value={method}
        onChange={(event) => selectMethod(event.currentTarget.value as Method)}
      >
        {offeredMethods().map((look) => (
          <option key={look.method} value={look.method}>
            {look.name}
          </option>
        ))}
      </select>
      <PlanState />
    </div>
  );
}

/** Where the compressed network's answers stand while they are not there. */
function PlanState() {
  const method = useStudio((state) => state.document.settings.method);
  const recipe = useStudio((state) => state.completed?.plans[state.document.settings.method]?.recipe ?? null);
  const isMeasured = useStudio((state) => measurementOf(state, recipe) !== null);
  if (isMeasured) return null;
  if (recipe === null) return <span className={styles.quiet}>no plan yet</span>;
  return (
    <span className={styles.quiet}>
      <MeasuringState recipe={recipe} name={lookOf(method).name} />
    </span>
  );
}

/** The grid's entries; a new list only when answers or images are new. */
function useEntries(): readonly GridEntry[] {
  const getState = useStudioState();
  const images = useStudio((state) => state.images);
  const original = useStudio((state) => originalMeasurement(state)?.answers ?? null);
  const compressed = useStudio((state) => {
    const planned = state.completed?.plans[state.document.settings.method];
    const run =
      planned && (repairedMeasurement(state, planned.recipe) ?? measurementOf(state, planned.recipe));
    return run?.answers ?? null;
  });
  const indices = imageParts(getState())?.report.indices ?? new Uint32Array(0);
  return gridEntries({ indices, labels: images?.labels ?? null, original, compressed });
}

const filters: readonly { readonly filter: GridFilter; readonly name: string }[] = [
  { filter: 'all', name: 'All' },
  { filter: 'changed', name: 'Changed' },
  { filter: 'wrong', name: 'Wrong' },
];

function Contents() {
  const entries = useEntries();
  const [filter, setFilter] = useState<GridFilter>('all');
  const shown = entries.filter((entry) => passesFilter(entry, filter));
  return (
    <>
      <fieldset className={styles.filters}>
        <legend className="visually-hidden">Show</legend>
        {filters.map(({ filter: value, name }) => (
          <label key={value}>
            <input
              type="radio"
              name="images-filter"
              checked={filter === value}
              onChange={() => setFilter(value)}
            />
            {name}{' '}
            <small>{formatInteger(entries.filter((entry) => passesFilter(entry, value)).length)}</small>
          </label>
        ))}
      </fieldset>
      <ImageGrid key={filter} entries={shown} />
    </>
  );
}
