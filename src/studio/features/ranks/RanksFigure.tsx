import { useState } from 'react';
import { useStudio } from '../../context/context';
import { HeadingChoice } from '../../ui/HeadingChoice';
import { words } from '../../words/words';
import { NetworkPicture } from './NetworkPicture';
import { RanksChart } from './RanksChart';

const figures = { ranks: 'Ranks per layer', network: 'Network' } as const;

/** Ranks of two methods as bars, or those of one in a picture of the network. */
export function RanksFigure() {
  const drawing = useStudio((state) => state.network?.summary.drawing);
  const [shown, setShown] = useState<keyof typeof figures>('ranks');
  if (!drawing) return <RanksChart />;
  const heading = (
    <HeadingChoice
      label="Figure of the ranks"
      value={shown}
      offered={figures}
      title={words[figures[shown]]}
      onChoose={setShown}
    />
  );
  return shown === 'network' ? (
    <NetworkPicture drawing={drawing} heading={heading} />
  ) : (
    <RanksChart heading={heading} />
  );
}
