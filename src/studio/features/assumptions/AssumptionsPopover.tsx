import type { ReactNode } from 'react';
import { assumed, type Assumption } from '../../../project/assumptions';
import { choicesOf, settingsOfChoice } from '../../../project/assumptions/choosing';
import { useActions, useStudio } from '../../context/context';
import { Popover } from '../../ui/Popover';
import styles from './AssumptionsPopover.module.css';

/**
 * What was assumed of network and images, why, and what else it could be.
 *
 * @param face facts in few words, which open it
 */
export function AssumptionsPopover({ face }: { readonly face: ReactNode }) {
  return (
    <Popover
      label="What was assumed"
      className={styles.face}
      panelClassName={styles.panel}
      face={face}
      isLazy
    >
      <AssumptionList />
    </Popover>
  );
}

function AssumptionList() {
  const list = useStudio(assumed);
  return (
    <dl className={styles.list}>
      {list.map((assumption) => (
        <Item key={assumption.id} assumption={assumption} />
      ))}
    </dl>
  );
}

function Item({ assumption }: { readonly assumption: Assumption }) {
  const { what, value, because } = assumption;
  return (
    <div>
      <dt>{what}</dt>
      <dd>
        {assumption.choice ? <ChoiceSelect assumption={assumption} /> : <b>{value}</b>}
        <span className={styles.because}>{because}</span>
      </dd>
    </div>
  );
}

/** What is in use, and what else it could be. */
function ChoiceSelect({ assumption }: { readonly assumption: Assumption }) {
  const { request } = useActions();
  return (
    <select
      aria-label={assumption.what}
      className={styles.select}
      value={assumption.choice!.value}
      onChange={(event) => request(settingsOfChoice(assumption, event.currentTarget.value))}
    >
      {choicesOf(assumption).map(({ value, text }) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  );
}
