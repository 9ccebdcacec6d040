import { useRef } from 'react';
import type { Budget } from '../../../enc/costs';
import { costNoun } from '../../../project/costText';
import { formatPercent } from '../../../project/numbers';
import { plannerOf } from '../../../project/planning';
import { budgetCosts, targetRange } from '../../../project/settings';
import { useActions, useLive, useStudio, useStudioState } from '../../context/context';
import type { StudioState } from '../../store/state';
import iconStyles from '../../ui/IconButton.module.css';
import { NumberField } from '../../ui/NumberField';
import { inPercent, plannedOf } from './shares';
import { ShareSlider } from './ShareSlider';
import styles from './SecondBudget.module.css';

/** What the selected plan takes of a cost, as a share of the original's; undefined before there is a plan. */
function shareOf(state: StudioState, cost: string): number | undefined {
  const spent = plannedOf(state)?.plan.costs[cost];
  const total = plannerOf(state)?.problem.totals[cost];
  return spent === undefined || !total ? undefined : spent / total;
}

/** Adds a second budget, which begins where the present plan is, so that nothing changes before it is moved. */
export function AddBudget() {
  const hasSecond = useStudio((state) => state.document.settings.second !== null);
  const getState = useStudioState();
  const { setSecond } = useActions();

  function add(): void {
    const state = getState();
    const cost = state.document.settings.cost === 'parameters' ? 'macs' : 'parameters';
    const share = Math.ceil((shareOf(state, cost) ?? 1) / targetRange.step - 1e-9) * targetRange.step;
    setSecond({ cost, share: Number(share.toFixed(3)) });
  }

  if (hasSecond) return null;
  return (
    <button
      type="button"
      className={`${iconStyles.icon} ${styles.add}`}
      aria-label="Add a second budget"
      title="Add a second budget: plans then keep both"
      onClick={add}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentcolor" strokeWidth="1.5">
        <path d="M8 3v10M3 8h10" strokeLinecap="round" />
      </svg>
    </button>
  );
}

/** A second share that plans keep beside the target: a smaller slider, where there is one. */
export function SecondBudget() {
  const second = useStudio((state) => state.document.settings.second);
  return second && <SecondRow budget={second} />;
}

function SecondRow({ budget }: { readonly budget: Budget }) {
  const { cost, share } = budget;
  const { setSecond } = useActions();
  const slider = useRef<HTMLInputElement>(null);
  const achieved = useRef<HTMLOutputElement>(null);
  const set = (to: number) => setSecond({ cost, share: to });

  useLive(
    (state) => shareOf(state, cost),
    (taken) => {
      const text = taken === undefined ? '–' : formatPercent(taken);
      if (achieved.current) achieved.current.textContent = text;
      const asked = `${inPercent(share)} % of ${costNoun(cost)}`;
      slider.current?.setAttribute(
        'aria-valuetext',
        taken === undefined ? asked : `${asked}, achieved ${text}`,
      );
    },
  );

  return (
    <div className={styles.second} role="group" aria-label="Second budget">
      <span className={styles.asked}>
        and
        <NumberField
          label="Second budget in percent"
          range={{ min: inPercent(targetRange.min), max: inPercent(targetRange.max), unit: '%' }}
          step={inPercent(targetRange.step)}
          value={share * 100}
          show={(percent) => percent.toFixed(1)}
          isLive
          onValue={(percent) => set(percent / 100)}
        />
        % of
        <SecondCost budget={budget} />
      </span>
      <ShareSlider
        ref={slider}
        className={styles.slider}
        label={`Second budget, share of ${costNoun(cost)}`}
        share={share}
        onShare={set}
      />
      <span className={styles.achieved}>
        <span className={styles.word}>achieved</span>{' '}
        <output ref={achieved} aria-label="Second budget achieved" />
      </span>
      <button
        type="button"
        className={iconStyles.icon}
        aria-label="Remove the second budget"
        title="Remove the second budget"
        onClick={() => setSecond(null)}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentcolor" strokeWidth="1.5">
          <path d="m4 4 8 8M12 4l-8 8" strokeLinecap="round" />
        </svg>
      </button>
    </div>
  );
}

/** What the second budget is a share of: anything that the target is not. */
function SecondCost({ budget }: { readonly budget: Budget }) {
  const target = useStudio((state) => state.document.settings.cost);
  const { setSecond } = useActions();
  return (
    <select
      className={styles.cost}
      aria-label="Second budget is a share of"
      value={budget.cost}
      onChange={(event) => setSecond({ ...budget, cost: event.currentTarget.value })}
    >
      {budgetCosts
        .filter(({ id }) => id !== target || id === budget.cost)
        .map(({ id, noun }) => (
          <option key={id} value={id}>
            {noun}
          </option>
        ))}
    </select>
  );
}
