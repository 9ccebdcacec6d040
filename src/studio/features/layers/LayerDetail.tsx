import type { Factorisation, LayerDescription } from '../../../network/layers';
import { formatCount, formatInteger, formatPercent, shortLayerName } from '../../../project/numbers';
import { greatestRank } from '../../../project/layerDecisions';
import { layerNamed, selectedLayers } from '../../store/selectors';
import { useStudio } from '../../context/context';
import styles from './LayerDetail.module.css';
import { LayerFigure } from './LayerFigure';
import { RankControl } from './RankControl';
import { SeveralLayers } from './SeveralLayers';
import { canChooseSplit, SplitSelect } from './SplitSelect';
import { ownValue } from '../../../network/ownValue';

const kinds: Readonly<Record<Factorisation, string>> = {
  spatial: 'D×1, then 1×D',
  channel: 'D×D, then 1×1',
  dense: 'two dense layers',
};

/** What is known of the selected layer: shape, cost, why it is kept if it is, and its curve. */
export function LayerDetail() {
  const name = useStudio((state) => state.ui.focusedLayer ?? state.ui.selectedLayer);
  const layer = useStudio((state) => layerNamed(state, name));
  const several = useStudio(selectedLayers);
  return (
    <section className={styles.detail} aria-label={several.length > 1 ? 'Selected layers' : 'Selected layer'}>
      {several.length > 1 ? (
        <SeveralLayers layers={several} />
      ) : layer ? (
        <Details layer={layer} />
      ) : (
        <p className={styles.hint}>Choose a layer to see its curve.</p>
      )}
    </section>
  );
}

/** How a layer is split whose factors are of one kind alone, or that its curve is an estimate. */
function waySplit({ isEstimated, kept, factorisation }: LayerDescription): readonly [string, string] {
  // There is room for one of them, and only dense layers are estimated: by sums of singular values.
  if (isEstimated && kept === null) return ['Energy curve', 'estimated, to about 1 %'];
  return ['Factors', kept === null ? kinds[factorisation] : 'none'];
}

function Details({ layer }: { readonly layer: LayerDescription }) {
  const total = useStudio((state) => state.network?.summary.macs) ?? 1;
  const isOverridden = useStudio(
    (state) => ownValue(state.document.settings.overrides, layer.name) !== undefined,
  );
  const reason = layer.kept ?? (isOverridden ? null : layer.keptByDefault);
  const canSplit = useStudio((state) => canChooseSplit(state.network, [layer]));
  const facts: readonly (readonly [string, string])[] = [
    ['MACs', `${formatCount(layer.macs)} (${formatPercent(layer.macs / total)})`],
    ['Parameters', formatInteger(layer.parameters)],
    ['Largest useful rank', layer.rankMax > 0 ? `${layer.rankMax} of ${layer.rankFull}` : 'none'],
    ['Each rank costs', `${formatCount(layer.macsPerRank)} MACs`],
    ...(canSplit ? [] : [waySplit(layer)]),
  ];
  return (
    <>
      <h2 className={styles.title} title={layer.name}>
        {shortLayerName(layer.name)} <span>{layer.shape}</span>
      </h2>
      <dl className={styles.facts}>
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {canSplit && (
          <div>
            <dt>Factors: {kinds[layer.factorisation]}</dt>
            <dd>
              <SplitSelect layers={[layer]} label={`Factors of ${shortLayerName(layer.name)}`} />
            </dd>
          </div>
        )}
      </dl>
      {reason ? <p className={styles.reason}>{reason}</p> : <LayerFigure layer={layer} />}
      {greatestRank(layer) > 0 && <RankControl layer={layer} />}
    </>
  );
}
