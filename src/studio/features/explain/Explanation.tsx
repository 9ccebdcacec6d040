import { useState } from 'react';
import type { LayerDescription } from '../../../network/layers';
import { ownValue } from '../../../network/ownValue';
import { greatestRank } from '../../../project/layerDecisions';
import { formatTarget, shortLayerName } from '../../../project/numbers';
import { useActions, useStudio } from '../../context/context';
import { lookOf } from '../../model/methods';
import { Button } from '../../ui/Button';
import { EqualLossPart } from './EqualLossPart';
import styles from './Explanation.module.css';
import { KernelPart } from './KernelPart';
import { RepairPart } from './RepairPart';
import { SpacePart } from './SpacePart';
import { SpectrumPart } from './SpectrumPart';

/** What the dialog holds: every step from a kernel to the smaller network, with the numbers of the open one. */
export function Explanation() {
  const title = useStudio((state) => state.network?.title) ?? '';
  const target = useStudio((state) => state.document.settings.target);
  const layers = useStudio((state) => state.network?.summary.layers) ?? [];
  const selected = useStudio((state) => state.ui.selectedLayer);
  const [chosen, setChosen] = useState<string | null>(null);
  const { explain } = useActions();
  const able = layers.filter((layer) => greatestRank(layer) > 0);
  const layer = able.find(({ name }) => name === (chosen ?? selected)) ?? able[0];
  return (
    <>
      <header className={styles.head}>
        <h2 id="explain-title">How it works</h2>
        <p>
          With the numbers of {title} at {formatTarget(target)}.
        </p>
        <Button className={styles.close} onClick={() => explain(false)}>
          Close
        </Button>
      </header>
      {layer ? (
        <OfLayer key={layer.name} {...{ able, layer }} onChoose={setChosen} />
      ) : (
        <p>This network has no layer that two factors would make cheaper.</p>
      )}
      <EqualLossPart />
      <SpacePart />
      <RepairPart />
    </>
  );
}

interface OfLayerProps {
  readonly able: readonly LayerDescription[];
  readonly layer: LayerDescription;
  readonly onChoose: (name: string) => void;
}

/** One layer's kernel and singular values, at the rank of the chosen method's plan or at one that is tried here. */
function OfLayer({ able, layer, onChoose }: OfLayerProps) {
  const method = useStudio((state) => state.document.settings.method);
  const planned = useStudio(({ completed, document }) =>
    ownValue(completed?.plans[document.settings.method]?.plan.ranks ?? {}, layer.name),
  );
  const [tried, setTried] = useState<number | null>(null);
  const rank = tried ?? planned ?? layer.rankMax;
  return (
    <>
      <div className={styles.controls}>
        <label>
          Layer{' '}
          <select value={layer.name} onChange={(event) => onChoose(event.currentTarget.value)}>
            {able.map(({ name }) => (
              <option key={name} value={name}>
                {shortLayerName(name)}
              </option>
            ))}
          </select>
        </label>
        <label className={styles.rank}>
          Rank{' '}
          <input
            type="range"
            min={1}
            max={layer.rankMax}
            value={rank}
            aria-valuetext={`rank ${rank} of ${layer.rankMax}`}
            onChange={(event) => setTried(Number(event.currentTarget.value))}
          />{' '}
          <output>
            {rank} of {layer.rankMax}
          </output>
        </label>
        <span className={styles.from}>
          {tried !== null
            ? 'tried here, no plan changes'
            : typeof planned === 'number'
              ? `as ${lookOf(method).name} chose`
              : `${lookOf(method).name} keeps it whole`}
        </span>
      </div>
      <KernelPart layer={layer} rank={rank} />
      <SpectrumPart layer={layer} rank={rank} />
    </>
  );
}
