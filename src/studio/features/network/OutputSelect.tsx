import { shapeText } from '../../../network/extents';
import { useActions, useStudio } from '../../context/context';
import styles from './OutputSelect.module.css';

/** Which output holds the class scores, where the network has several. */
export function OutputSelect() {
  const summary = useStudio((state) => state.network?.summary);
  const asked = useStudio((state) => state.document.settings.output);
  const { request } = useActions();
  if (!summary || summary.outputs.length < 2) return null;
  return (
    <>
      <select
        aria-label="Output with the class scores"
        title="The output that holds the class scores"
        className={styles.select}
        value={asked ?? summary.scoreOutput}
        onChange={(event) => request({ output: event.currentTarget.value })}
      >
        {summary.outputs.map(({ name, shape }) => (
          <option key={name} value={name}>
            {name} ({shape ? shapeText(shape) : 'unknown shape'})
          </option>
        ))}
      </select>{' '}
      ·{' '}
    </>
  );
}
