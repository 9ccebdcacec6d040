import { useState } from 'react';
import { loadPart } from '../../../network/parts';
import { formatInteger } from '../../../project/numbers';
import tableStyles from './FormatsTable.module.css';
import styles from './RefusalList.module.css';
import { foundRefusals, type Refusal } from './refusals';

/** Every sentence that refuses something, with a search; it is fetched when it is unfolded. */
export function RefusalList() {
  const [refusals, setRefusals] = useState<readonly Refusal[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  return (
    <details
      className={tableStyles.details}
      onToggle={(event) => {
        if (!event.currentTarget.open || refusals) return;
        setProblem(null);
        void loadPart('the list of refusals', () => import('./refusals.json')).then(
          (list) => setRefusals(list.default),
          (error: Error) => setProblem(error.message),
        );
      }}
    >
      <summary>What is refused, and what to do</summary>
      <p className={tableStyles.text}>
        Each sentence says what was expected, what was found, where, and what to do: here with the names and
        numbers of an example.
      </p>
      {problem !== null && <p role="alert">{problem}</p>}
      {refusals ? (
        <Searchable refusals={refusals} />
      ) : (
        problem === null && <p role="status">Loading the list…</p>
      )}
    </details>
  );
}

function Searchable({ refusals }: { readonly refusals: readonly Refusal[] }) {
  const [search, setSearch] = useState('');
  const groups = foundRefusals(refusals, search);
  const count = groups.reduce((sum, { sentences }) => sum + sentences.length, 0);
  return (
    <>
      <div className={styles.search}>
        <input
          type="search"
          aria-label="Search the refusals"
          placeholder="Search, for instance: labels found"
          spellCheck={false}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <output>{count === 1 ? '1 sentence' : `${formatInteger(count)} sentences`}</output>
      </div>
      <div className={tableStyles.scroll} role="region" aria-label="Refusals" tabIndex={0}>
        {groups.map(({ area, sentences }) => (
          <section key={area} className={styles.group}>
            <h4>{area}</h4>
            <ul>
              {sentences.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  );
}
