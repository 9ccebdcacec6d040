import type { Settings } from '../../../project/settings';
import { useStudio } from '../../context/context';

/** What is decided about single layers. A drag of the target changes none of it, and so draws nothing anew. */
export function useLayerDecisions(): Pick<Settings, 'overrides' | 'limits'> {
  const overrides = useStudio((state) => state.document.settings.overrides);
  const limits = useStudio((state) => state.document.settings.limits);
  return { overrides, limits };
}
