import type { ComponentType } from 'react';
import { AccuracyChart } from './features/accuracy/AccuracyChart';
import { CurvesChart } from './features/curves/CurvesChart';
import { RanksFigure } from './features/ranks/RanksFigure';
import { CompareDialog } from './features/comparing/CompareDialog';
import { ExplainDialog } from './features/explain/ExplainDialog';
import { HistoryDialog } from './features/measured/HistoryDialog';
import { ImagesDialog } from './features/images/ImagesDialog';
import { LayerDetail } from './features/layers/LayerDetail';
import { LayersTable } from './features/layers/LayersTable';
import { MethodList } from './features/methods/MethodList';
import { StatusArea } from './features/status/StatusArea';
import { TargetSlider } from './features/target/TargetSlider';
import { BackendBadge } from './features/backend/BackendBadge';
import { ShareMenu } from './features/sharing/ShareMenu';
import { HistoryButtons } from './features/history/HistoryButtons';
import { HelpDialog } from './features/help/HelpDialog';
import { ImagesSlot } from './features/images/ImagesSlot';
import { NetworkSlot } from './features/network/NetworkSlot';
import { SessionsPopover } from './features/sessions/SessionsPopover';
import { FirstVisit } from './features/welcome/FirstVisit';
import { UpdateButton } from './features/offline/UpdateButton';
import { ThemeSwitch } from './features/theme/ThemeSwitch';

/**
 * Where a panel stands. On the top bar: 'slot' for what is open, 'tool' for settings. On the workbench, which
 * shows once a network is open: 'main' from the top, 'chart' side by side below that, 'result' below the charts,
 * 'side' in the column beside. Always: 'status' at the foot, 'dialog' above everything once it is asked for.
 */
export type Place = 'slot' | 'tool' | 'main' | 'chart' | 'result' | 'side' | 'status' | 'dialog';

/** A part of the page that stands by itself: it reads what it shows from the state. */
export interface Panel {
  readonly id: string;
  readonly place: Place;
  readonly Component: ComponentType;
}

/** Every panel of the page; within one place they stand in this order. */
const panels: readonly Panel[] = [
  { id: 'network', place: 'slot', Component: NetworkSlot },
  { id: 'images', place: 'slot', Component: ImagesSlot },
  { id: 'update', place: 'tool', Component: UpdateButton },
  { id: 'history', place: 'tool', Component: HistoryButtons },
  { id: 'sessions', place: 'tool', Component: SessionsPopover },
  { id: 'share', place: 'tool', Component: ShareMenu },
  { id: 'backend', place: 'tool', Component: BackendBadge },
  { id: 'theme', place: 'tool', Component: ThemeSwitch },
  { id: 'help', place: 'tool', Component: HelpDialog },
  { id: 'first-visit', place: 'main', Component: FirstVisit },
  { id: 'target', place: 'main', Component: TargetSlider },
  { id: 'accuracy', place: 'main', Component: AccuracyChart },
  { id: 'curves', place: 'chart', Component: CurvesChart },
  { id: 'ranks', place: 'chart', Component: RanksFigure },
  { id: 'methods', place: 'result', Component: MethodList },
  { id: 'layers', place: 'side', Component: LayersTable },
  { id: 'layer', place: 'side', Component: LayerDetail },
  { id: 'status', place: 'status', Component: StatusArea },
  { id: 'grid', place: 'dialog', Component: ImagesDialog },
  { id: 'compare', place: 'dialog', Component: CompareDialog },
  { id: 'measured', place: 'dialog', Component: HistoryDialog },
  { id: 'explain', place: 'dialog', Component: ExplainDialog },
];

/** The panels of one place, in their order. */
export function panelsAt(place: Place): readonly Panel[] {
  return panels.filter((panel) => panel.place === place);
}
