import styles from './HeadingChoice.module.css';

interface HeadingChoiceProps<Name extends string> {
  readonly label: string;
  readonly value: Name;
  /** What each is called. */
  readonly offered: Readonly<Record<Name, string>>;
  /** What the present one shows, in a sentence. */
  readonly title?: string | undefined;
  /** Looks as an axis' title does, in place of which it stands. */
  readonly isOfAxis?: boolean;
  readonly onChoose: (name: Name) => void;
}

/** A figure's heading, or an axis' title, where another can take its place; it stays in the saved picture. */
export function HeadingChoice<Name extends string>({
  label,
  value,
  offered,
  title,
  isOfAxis = false,
  onChoose,
}: HeadingChoiceProps<Name>) {
  return (
    <select
      className={styles.choice}
      data-axis={isOfAxis}
      data-word
      aria-label={label}
      title={title}
      value={value}
      onChange={(event) => onChoose(event.currentTarget.value as Name)}
    >
      {Object.entries<string>(offered).map(([name, text]) => (
        <option key={name} value={name}>
          {text}
        </option>
      ))}
    </select>
  );
}
