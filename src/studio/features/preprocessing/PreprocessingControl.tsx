import { useId, useState } from 'react';
import type { ChannelOrder } from '../../../network/images';
import {
  describePreprocessing,
  numbersText,
  parseNumbers,
  presetOf,
  presets,
  type PresetChoice,
} from '../../../project/preprocessing';
import { useActions, useStudio } from '../../context/context';
import buttonStyles from '../../ui/Button.module.css';
import { DetectionPart } from './DetectionPart';
import { Popover } from '../../ui/Popover';
import styles from './PreprocessingControl.module.css';

/** How pixels become the network's input: a preset, or channels, mean and scale by hand. */
export function PreprocessingControl() {
  const preprocessing = useStudio((state) => state.document.settings.preprocessing);
  return (
    <Popover
      label="Preprocessing"
      className={`${buttonStyles.button} ${styles.face}`}
      face={
        <>
          <span className="visually-hidden">Preprocessing: </span>
          <span className={styles.summary}>{describePreprocessing(preprocessing)}</span>
        </>
      }
    >
      <PreprocessingForm />
    </Popover>
  );
}

const orders: readonly { readonly value: ChannelOrder; readonly name: string }[] = [
  { value: 'rgb', name: 'RGB' },
  { value: 'bgr', name: 'BGR' },
  { value: 'grey', name: 'Grey' },
];

function PreprocessingForm() {
  const preprocessing = useStudio((state) => state.document.settings.preprocessing);
  const { setPreprocessing } = useActions();
  const id = useId();
  const preset = presetOf(preprocessing);

  function choose(chosen: PresetChoice): void {
    const found = presets.find((candidate) => candidate.id === chosen);
    if (!found) return;
    const { mean, scale, channels = 'rgb' } = found;
    const isGrey = preprocessing.channels === 'grey';
    // Numbers of one colour each are in the preset's own order.
    const order = isGrey || mean.length === 1 ? preprocessing.channels : channels;
    setPreprocessing({ channels: order, mean, scale });
  }

  return (
    <div className={styles.form}>
      <DetectionPart />
      <p className={styles.formula}>input = (pixel − mean) × scale, pixels from 0 to 255</p>
      <label htmlFor={`${id}-preset`}>Preset</label>
      <select
        id={`${id}-preset`}
        value={preset}
        onChange={(event) => choose(event.currentTarget.value as PresetChoice)}
      >
        {presets.map(({ id: value, name }) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
        <option value="custom" disabled>
          Custom (type below)
        </option>
      </select>
      <label htmlFor={`${id}-channels`}>Channels</label>
      <select
        id={`${id}-channels`}
        value={preprocessing.channels}
        onChange={(event) =>
          setPreprocessing({ ...preprocessing, channels: event.currentTarget.value as ChannelOrder })
        }
      >
        {orders.map(({ value, name }) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
      <NumbersField
        key={`mean ${numbersText(preprocessing.mean)}`}
        label="Mean"
        values={preprocessing.mean}
        onValues={(mean) => setPreprocessing({ ...preprocessing, mean })}
      />
      <NumbersField
        key={`scale ${numbersText(preprocessing.scale)}`}
        label="Scale"
        values={preprocessing.scale}
        onValues={(scale) => setPreprocessing({ ...preprocessing, scale })}
      />
      <p className={styles.hint}>
        One number, or one per channel in the chosen order. A change measures anew.
      </p>
    </div>
  );
}

interface NumbersFieldProps {
  readonly label: string;
  readonly values: readonly number[];
  readonly onValues: (values: readonly number[]) => void;
}

/** A field for one or three numbers; the text is read when the person leaves it or presses Enter. */
function NumbersField({ label, values, onValues }: NumbersFieldProps) {
  const id = useId();
  const [text, setText] = useState(numbersText(values));
  const parsed = parseNumbers(text);
  const problem = typeof parsed === 'string' ? parsed : null;
  const commit = () => {
    if (typeof parsed !== 'string' && text !== numbersText(values)) onValues(parsed);
  };
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        value={text}
        inputMode="decimal"
        spellCheck={false}
        autoComplete="off"
        aria-invalid={problem !== null}
        aria-describedby={problem ? `${id}-problem` : undefined}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
      />
      {problem && (
        <p id={`${id}-problem`} className={styles.problem} role="alert">
          {problem}
        </p>
      )}
    </>
  );
}
