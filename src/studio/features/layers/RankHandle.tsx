import { useRef, type CSSProperties, type KeyboardEvent, type PointerEvent } from 'react';
import type { Curve } from '../../../enc/curve';
import type { LayerDescription } from '../../../network/layers';
import { decisionOf, greatestRank } from '../../../project/layerDecisions';
import { shortLayerName } from '../../../project/numbers';
import { qualityAt } from '../../charts/curvePath';
import { useActions, useLive, useStudio, useStudioState } from '../../context/context';
import { lookOf } from '../../model/methods';
import type { StudioState } from '../../store/state';
import styles from './RankHandle.module.css';
import { ownValue } from '../../../network/ownValue';

interface RankHandleProps {
  readonly layer: LayerDescription;
  /** As it is drawn. */
  readonly curve: Curve;
}

const rankOf = ({ completed, document }: StudioState, layer: string) =>
  ownValue(completed?.plans[document.settings.method]?.plan.ranks ?? {}, layer);

/** The point of the selected method on a layer's curve: dragged, or moved by keys, it locks the layer's rank there. */
export function RankHandle({ layer, curve }: RankHandleProps) {
  const getState = useStudioState();
  const { lockLayers, freeLayers } = useActions();
  const isLocked = useStudio((state) => decisionOf(state.document.settings, layer).kind === 'locked');
  const colour = useStudio((state) => lookOf(state.document.settings.method).colour);
  const handle = useRef<HTMLDivElement>(null);
  const greatest = greatestRank(layer);

  useLive(
    (state) => rankOf(state, layer.name),
    (rank) => {
      const element = handle.current;
      if (!element) return;
      element.hidden = rank === undefined;
      if (rank === undefined) return;
      element.style.left = `${(rank === null ? 1 : rank / layer.rankMax) * 100}%`;
      element.style.top = `${(1 - qualityAt(curve, rank)) * 100}%`;
      element.setAttribute('aria-valuenow', String(rank ?? layer.rankMax));
      element.setAttribute(
        'aria-valuetext',
        `${rank === null ? 'whole' : `rank ${rank}`}${isLocked ? ', locked' : ''}`,
      );
    },
  );

  /** What was decided last counts, though its plan may still be on its way. */
  function presentRank(): number {
    const state = getState();
    const decision = decisionOf(state.document.settings, layer);
    return decision.kind === 'locked' ? decision.rank : (rankOf(state, layer.name) ?? greatest + 1);
  }

  function lock(rank: number): void {
    const held = Math.min(greatest, Math.max(1, Math.round(rank)));
    if (held !== presentRank() || !isLocked) lockLayers([layer], held);
  }

  function onPointerMove(event: PointerEvent<HTMLDivElement>): void {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const plot = event.currentTarget.parentElement!.getBoundingClientRect();
    lock(((event.clientX - plot.left) / plot.width) * layer.rankMax);
  }

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.round(greatest / 10));
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -page, PageUp: page }[
      event.key
    ];
    const to = { Home: 1, End: greatest }[event.key];
    if (event.key === 'Delete' || event.key === 'Backspace') freeLayers([layer]);
    else if (by !== undefined) lock(presentRank() + by);
    else if (to !== undefined) lock(to);
    else return;
    event.preventDefault();
  }

  if (greatest < 1) return null;
  return (
    <div
      ref={handle}
      role="slider"
      tabIndex={0}
      hidden
      className={styles.handle}
      data-locked={isLocked}
      style={{ '--point': `var(${colour})` } as CSSProperties}
      aria-label={`Rank of ${shortLayerName(layer.name)} on its curve`}
      aria-valuemin={1}
      aria-valuemax={layer.rankMax}
      aria-valuenow={layer.rankMax}
      title="Drag, or use the arrow keys, to lock the rank; Delete lets methods choose again"
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
    />
  );
}
