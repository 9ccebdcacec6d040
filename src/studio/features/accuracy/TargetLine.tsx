import { useRef } from 'react';
import { formatPercent, formatTarget } from '../../../project/numbers';
import { remembered } from '../../../project/remembered';
import { useLive } from '../../context/context';
import type { StudioState } from '../../store/state';
import { placeOn, type Stretch } from './figureAxes';
import styles from './TargetLine.module.css';

/** The target where it is on MACs; else where the chosen plan comes to stand, which is known once there is one. */
const placeSought = remembered(
  ({ document, completed, network }: StudioState) => [document.settings, completed, network],
  ({ document, completed, network }) => {
    const { target, cost, method } = document.settings;
    const spent = completed?.plans[method]?.plan.costs.macs;
    if (cost === 'macs' || spent === undefined || !network)
      return { share: target, label: `target ${formatTarget(target)}` };
    const share = spent / network.summary.macs;
    return { share, label: `plan ${formatPercent(share)}` };
  },
);

/** "You are here": moves with every frame of a drag, past React. */
export function TargetLine({ across }: { readonly across: Stretch }) {
  const line = useRef<HTMLDivElement>(null);
  const text = useRef<HTMLSpanElement>(null);
  useLive(
    (state) => placeSought(state),
    ({ share, label }) => {
      const place = placeOn(across, share);
      line.current?.style.setProperty('transform', `translateX(${place * 100}%)`);
      line.current?.toggleAttribute('data-left', place > 0.85);
      line.current?.toggleAttribute('hidden', place < 0 || place > 1);
      if (text.current) text.current.textContent = label;
    },
  );
  return (
    <div ref={line} className={styles.target} data-live aria-hidden="true">
      <span ref={text} />
    </div>
  );
}
