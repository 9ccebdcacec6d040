import { useRef } from 'react';
import { amountText, costNoun } from '../../../project/costText';
import { formatPercent } from '../../../project/numbers';
import { lookOf } from '../../model/methods';
import type { PlannedMethod } from '../../../project/plans';
import { budgetCosts, targetRange } from '../../../project/settings';
import { nearBestText } from '../../../project/nearBest';
import { unmetText } from '../../../project/unmet';
import { useActions, useLive, useStudio } from '../../context/context';
import { NumberField } from '../../ui/NumberField';
import { Word } from '../../words/Word';
import { AddBudget, SecondBudget } from './SecondBudget';
import { inPercent, plannedOf, positionOf } from './shares';
import { ShareSlider } from './ShareSlider';
import styles from './TargetSlider.module.css';

/** The one control of the main job: the share of the network's computation to keep. */
export function TargetSlider() {
  return (
    <section className={styles.panel} aria-label="Target">
      <div className={styles.numbers}>
        <TargetField />
        <AchievedNumbers />
      </div>
      <Slider />
      <SecondBudget />
      <UnmetNote />
    </section>
  );
}

function Slider() {
  const target = useStudio((state) => state.document.settings.target);
  const cost = useStudio((state) => state.document.settings.cost);
  const { setTarget } = useActions();
  const slider = useRef<HTMLInputElement>(null);
  const marker = useRef<HTMLSpanElement>(null);

  useLive(plannedOf, (planned) => {
    const achieved = planned ? `, achieved ${(planned.plan.achieved * 100).toFixed(1)} %` : '';
    const asked = inPercent(planned?.plan.budget.share ?? target);
    const noun = costNoun(planned?.plan.budget.cost ?? cost);
    slider.current?.setAttribute('aria-valuetext', `${asked} % of ${noun}${achieved}`);
    const place = positionOf(planned?.plan.achieved ?? target);
    marker.current?.style.setProperty('transform', `translateX(${place * 100}%)`);
  });

  return (
    <div className={styles.travel}>
      <ShareSlider
        ref={slider}
        className={styles.slider}
        label={`Target, share of ${costNoun(cost)}`}
        share={target}
        onShare={setTarget}
      />
      <span ref={marker} className={styles.marker} aria-hidden="true" />
    </div>
  );
}

/** The target as a number to type. */
function TargetField() {
  const target = useStudio((state) => state.document.settings.target);
  const { setTarget } = useActions();
  return (
    <span className={styles.target}>
      <span className={styles.caption}>
        <Word>Target</Word>
      </span>
      <span className={styles.value}>
        <NumberField
          label="Target in percent"
          range={{ min: inPercent(targetRange.min), max: inPercent(targetRange.max), unit: '%' }}
          step={inPercent(targetRange.step)}
          value={target * 100}
          show={(percent) => percent.toFixed(1)}
          isLive
          onValue={(percent) => setTarget(percent / 100)}
        />
        <span>% of</span>
        <CostSelect />
        <AddBudget />
      </span>
    </span>
  );
}

/** What the target is a share of. */
function CostSelect() {
  const cost = useStudio((state) => state.document.settings.cost);
  const { setCost } = useActions();
  return (
    <select
      className={styles.cost}
      aria-label="Target is a share of"
      title="Time is that of one image here, measured layer by layer"
      value={cost}
      onChange={(event) => setCost(event.currentTarget.value)}
    >
      {budgetCosts.map(({ id, noun }) => (
        <option key={id} value={id}>
          {noun}
        </option>
      ))}
    </select>
  );
}

/** What the selected method's whole ranks really cost. */
function AchievedNumbers() {
  const method = useStudio((state) => lookOf(state.document.settings.method).name);
  const share = useRef<HTMLOutputElement>(null);
  const macs = useRef<HTMLSpanElement>(null);
  useLive(plannedOf, (planned) => {
    if (share.current) share.current.textContent = planned ? formatPercent(planned.plan.achieved) : '–';
    if (macs.current) macs.current.textContent = planned ? describeCost(planned) : '';
  });
  return (
    <p className={styles.achieved}>
      <span className={styles.caption}>Achieved by {method}</span>
      <span className={styles.value}>
        <output ref={share} aria-label="Achieved" />
        <span ref={macs} className={styles.macs} />
      </span>
    </p>
  );
}

function describeCost({ plan }: PlannedMethod): string {
  const { cost } = plan.budget;
  return amountText(cost, plan.costs[cost] ?? 0);
}

/** Why no plan keeps the budgets, or how far from the best one is, over what lies below, so that nothing moves; nothing where they
 * are kept by the best. */
function UnmetNote() {
  const text = useStudio((state) => {
    const planned = plannedOf(state);
    return planned && (unmetText(state, planned.plan) ?? nearBestText(planned.plan));
  });
  return (
    <p role="status" className={styles.unmet}>
      {text}
    </p>
  );
}
