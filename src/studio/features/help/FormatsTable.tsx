import { useState } from 'react';
import type { Outcome } from '../../../network/failure';
import type { OperatorTable } from '../../../../workers/protocol/parse';
import { useActions } from '../../context/context';
import styles from './FormatsTable.module.css';

/** Formats and the operators that are read and written with each, asked of the parsers when it is unfolded. */
export function FormatsTable() {
  const [answer, setAnswer] = useState<Outcome<OperatorTable> | null>(null);
  const { operatorTable } = useActions();
  return (
    <details
      className={styles.details}
      onToggle={(event) => {
        if (event.currentTarget.open && !answer?.ok) void operatorTable().then(setAnswer);
      }}
    >
      <summary>Formats and operators</summary>
      <p className={styles.text}>
        What files call the operators that are computed. Anything else is kept in the layers’ list with the
        reason. ✓ marks what the smaller network can be written with.
      </p>
      {answer === null ? (
        <p className={styles.text}>Asking the readers…</p>
      ) : answer.ok ? (
        <Rows table={answer.value} />
      ) : (
        <p role="alert">{answer.failure.message}</p>
      )}
    </details>
  );
}

function Rows({ table: { columns, rows } }: { readonly table: OperatorTable }) {
  return (
    <div className={styles.scroll} role="region" aria-label="Operators by format" tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Operator</th>
            {columns.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ operator, cells }) => (
            <tr key={operator}>
              <th scope="row">{operator}</th>
              {cells.map(({ reads, writes }, index) => (
                <td key={columns[index]}>
                  {reads.length > 0 ? (
                    <span className={styles.names}>{reads.join(', ')}</span>
                  ) : (
                    <span className={styles.none}>not read</span>
                  )}
                  {writes === true && <span className={styles.writes}>✓ written</span>}
                  {writes === false && <span className={styles.none}>not written</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
