import type { LayerDescription } from '../../../network/layers';
import { canHaveMultiple, decisionOf } from '../../../project/layerDecisions';
import { rankMultiples } from '../../../project/settings';
import { multipleText } from '../../../project/settingTexts';
import { useActions } from '../../context/context';
import { useLayerDecisions } from './useLayerDecisions';

interface MultipleSelectProps {
  readonly layers: readonly LayerDescription[];
  readonly label: string;
}

/** Stand for what all layers' ranks are multiples of, and for layers of which each has something else. */
const [asAll, various] = ['all', 'various'];

/** What the layers' ranks are multiples of in place of all others'; nothing where there are no several ranks to choose from. */
export function MultipleSelect({ layers, label }: MultipleSelectProps) {
  const settings = useLayerDecisions();
  const { setLayersMultiple } = useActions();
  const decisions = layers.map((layer) => ({ layer, decision: decisionOf(settings, layer) }));
  const able = decisions.filter(({ decision }) => canHaveMultiple(decision));
  if (able.length === 0) return null;
  const own = new Set(able.map(({ decision }) => ('multiple' in decision ? decision.multiple : undefined)));
  const [only] = own;
  return (
    <select
      aria-label={label}
      title={label}
      value={own.size > 1 ? various : String(only ?? asAll)}
      onChange={({ currentTarget: { value } }) =>
        setLayersMultiple(
          able.map(({ layer }) => layer),
          value === asAll ? null : Number(value),
        )
      }
    >
      {own.size > 1 && (
        <option value={various} disabled>
          several multiples
        </option>
      )}
      <option value={asAll}>multiples as all</option>
      {rankMultiples.map((multiple) => (
        <option key={multiple} value={multiple}>
          {multipleText(multiple)}
        </option>
      ))}
    </select>
  );
}
