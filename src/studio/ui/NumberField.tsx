import { useId, useState } from 'react';
import { parseTyped, refusedText, type NumberRange } from './numberRange';
import styles from './NumberField.module.css';

interface NumberFieldProps {
  /** Of the field itself; null where a label names it by `id`. */
  readonly label: string | null;
  readonly id?: string;
  readonly value: number;
  readonly range: NumberRange;
  readonly step?: number;
  /** The value as it stands in the field. */
  readonly show?: (value: number) => string;
  /** Whether every number counts as it is typed, not only once the field is left. */
  readonly isLive?: boolean;
  readonly onValue: (value: number) => void;
}

/** A number to type. One that cannot be taken is refused in a sentence, and what held before stays. */
export function NumberField({
  label,
  id,
  value,
  range,
  step = 1,
  show = String,
  isLive = false,
  onValue,
}: NumberFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const note = useId();

  function take(text: string): void {
    const typed = parseTyped(text, range);
    setRefused(typed === null ? refusedText(text, range, show(value)) : null);
    if (typed !== null && typed !== value) onValue(typed);
  }

  return (
    <span className={styles.field}>
      <input
        type="number"
        {...(label === null ? {} : { 'aria-label': label })}
        {...(id === undefined ? {} : { id })}
        min={range.min}
        max={range.max}
        step={step}
        value={draft ?? show(value)}
        aria-invalid={refused !== null}
        aria-describedby={refused === null ? undefined : note}
        onChange={({ currentTarget: { value: text } }) => {
          setDraft(text);
          // Who empties the field is about to type.
          if (isLive && text !== '') take(text);
          else setRefused(null);
        }}
        onBlur={() => {
          if (draft !== null) take(draft);
          setDraft(null);
        }}
        onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
      />
      {refused !== null && (
        <span id={note} role="alert" className={styles.refused}>
          {refused}
        </span>
      )}
    </span>
  );
}
