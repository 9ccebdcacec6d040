import { useState } from 'react';
import { useStudio } from '../../context/context';
import { words } from '../../words/words';
import { NetworkPicture } from './NetworkPicture';
import { RanksChart } from './RanksChart';
import styles from './RanksChart.module.css';

/** Ranks of two methods as bars, or those of one in a picture of the network. */
export function RanksFigure() {
  const drawing = useStudio((state) => state.network?.summary.drawing);
  const [isPicture, setPicture] = useState(false);
  if (!drawing) return <RanksChart />;
  const heading = (
    <select
      className={styles.choice}
      data-word
      aria-label="Figure of the ranks"
      title={words[isPicture ? 'Network' : 'Ranks per layer']}
      value={isPicture ? 'network' : 'ranks'}
      onChange={(event) => setPicture(event.currentTarget.value === 'network')}
    >
      <option value="ranks">Ranks per layer</option>
      <option value="network">Network</option>
    </select>
  );
  return isPicture ? (
    <NetworkPicture drawing={drawing} heading={heading} />
  ) : (
    <RanksChart heading={heading} />
  );
}
