import type { MethodLook } from '../../model/methods';
import { MethodMark } from './MethodMark';
import styles from './MethodSwitches.module.css';

interface MethodSwitchesProps {
  readonly methods: readonly MethodLook[];
  /** Ids of those that are not shown. */
  readonly hidden: ReadonlySet<string>;
  readonly onChange: (hidden: ReadonlySet<string>) => void;
  /** Without borders, where there is little room. */
  readonly isQuiet?: boolean;
}

/** A figure's legend; a click hides a method, or shows it again. */
export function MethodSwitches({ methods, hidden, onChange, isQuiet = false }: MethodSwitchesProps) {
  const toggle = (method: string) => {
    const next = new Set(hidden);
    if (!next.delete(method)) next.add(method);
    onChange(next);
  };
  return (
    <div className={styles.switches} data-quiet={isQuiet} role="group" aria-label="Methods that are shown">
      {methods.map((look) => (
        <button
          key={look.method}
          type="button"
          data-word
          aria-pressed={!hidden.has(look.method)}
          onClick={() => toggle(look.method)}
        >
          <MethodMark look={look} /> {look.name}
        </button>
      ))}
    </div>
  );
}
