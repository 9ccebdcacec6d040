import { useId, useState, type SubmitEvent } from 'react';
import { parseInputSize } from '../../../network/inputSize';
import { useActions } from '../../context/context';
import { Button } from '../../ui/Button';
import styles from './InputSizeForm.module.css';

/** Asks for the size of the images of a network whose files leave it open, and goes on opening it. */
export function InputSizeForm() {
  const { openWithInputSize } = useActions();
  const [height, setHeight] = useState('224');
  const [width, setWidth] = useState('224');
  const size = parseInputSize(`${height}x${width}`);

  function open(event: SubmitEvent): void {
    event.preventDefault();
    if (size) void openWithInputSize(size);
  }

  return (
    <form className={styles.form} aria-label="Size of the images" onSubmit={open}>
      <SideField label="Height" value={height} onValue={setHeight} />
      <SideField label="Width" value={width} onValue={setWidth} />
      <Button type="submit" disabled={!size}>
        Open
      </Button>
    </form>
  );
}

interface SideFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

function SideField({ label, value, onValue }: SideFieldProps) {
  const id = useId();
  return (
    <p className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="number"
        inputMode="numeric"
        min={1}
        max={16384}
        required
        value={value}
        onChange={(event) => onValue(event.currentTarget.value)}
      />
    </p>
  );
}
