import { planName, type MeasuredPlan } from '../../../project/measuredPlans';
import { formatTarget } from '../../../project/numbers';
import { useActions } from '../../context/context';
import { Button } from '../../ui/Button';
import styles from './HistoryDialog.module.css';

/** What can be done with the plan that is marked; a place of constant height. */
export function SelectedPlan({ plan }: { readonly plan: MeasuredPlan | null }) {
  return (
    <section className={styles.selected} aria-label="Marked plan">
      {plan ? (
        <Tools key={plan.key} plan={plan} />
      ) : (
        <p>
          Choose a plan in the table, or click its point, to name it, keep it, compare it or go back to it.
        </p>
      )}
    </section>
  );
}

function Tools({ plan }: { readonly plan: MeasuredPlan }) {
  const { notePlan, goBackTo, compareWith } = useActions();
  const { name, isKept, asked } = plan;
  const target = asked?.target;
  return (
    <>
      <label className={styles.name}>
        Name
        <input
          type="text"
          maxLength={60}
          defaultValue={name}
          placeholder={planName({ ...plan, name: '' })}
          onChange={(event) => notePlan(plan, { name: event.currentTarget.value.trim() })}
        />
      </label>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={isKept}
          onChange={(event) => notePlan(plan, { isKept: event.currentTarget.checked })}
        />
        keep
      </label>
      <Button onClick={() => compareWith(plan)}>Compare</Button>
      <Button
        look="filled"
        title={
          asked
            ? 'Asks for the target, method and layers that it followed from'
            : 'Nobody noted what it followed from: asks for its method and its share of MACs'
        }
        onClick={() => goBackTo(plan)}
      >
        Go back{target === undefined ? '' : ` to ${formatTarget(target)}`}
      </Button>
    </>
  );
}
