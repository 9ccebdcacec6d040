import { useEffect, useMemo, useState } from 'react';
import type { Outcome } from '../../../network/failure';
import { cornerAtRank, type KernelCorner } from '../../../network/kernelCorner';
import type { LayerDescription } from '../../../network/layers';
import { squaresKept, weightsAt } from '../../../project/explaining';
import { spectrumKey } from '../../../project/factorisations';
import { formatInteger, formatPercent, shortLayerName } from '../../../project/numbers';
import { useActions, useStudio } from '../../context/context';
import styles from './Explanation.module.css';
import { Matrix } from './Matrix';

/** So many rows, columns and filters are drawn. */
const drawn = 64;

interface KernelPartProps {
  readonly layer: LayerDescription;
  readonly rank: number;
}

/** A kernel beside its two factors and their product. */
export function KernelPart({ layer, rank }: KernelPartProps) {
  const { name, factorisation } = layer;
  const values = useStudio(({ network }) => network?.spectra.get(spectrumKey(name, factorisation)));
  const found = useKernelCorner(layer);
  const { whole, cut } = weightsAt(layer, rank);
  return (
    <section>
      <h3>A kernel is nearly the product of two thinner ones</h3>
      <p>
        {shortLayerName(name)} ({layer.shape}) has {formatInteger(whole)} weights. Laid out as a table of
        numbers, its kernel is close to the product of two tables with {rank} filters between them, which hold{' '}
        {formatInteger(cut)}: {formatPercent(cut / whole, 0)} of the weights
        {values && `, and ${formatPercent(squaresKept(values, rank))} of the sum of their squares`}. These two
        become layers of their own, one behind the other. More filters come closer and cost more.
      </p>
      {found === null ? (
        <p role="status">Fetching the kernel…</p>
      ) : found.ok ? (
        <Pictures corner={found.value} rank={rank} />
      ) : (
        <p role="status">{found.failure.message}</p>
      )}
    </section>
  );
}

/** The kernel's corner as a thread has it; null until it is here. */
function useKernelCorner({ name, factorisation, rankMax }: LayerDescription): Outcome<KernelCorner> | null {
  const [found, setFound] = useState<Outcome<KernelCorner> | null>(null);
  const { kernelCorner } = useActions();
  useEffect(() => {
    let isHere = true;
    const most = { rows: drawn, columns: drawn, rank: rankMax };
    void kernelCorner({ layer: name, factorisation }, most).then((outcome) => isHere && setFound(outcome));
    return () => {
      isHere = false;
    };
  }, [kernelCorner, name, factorisation, rankMax]);
  return found;
}

function Pictures({ corner, rank }: { readonly corner: KernelCorner; readonly rank: number }) {
  const { rows, columns, whole } = corner;
  const reached = Math.min(rank, corner.rank);
  const filters = Math.min(reached, drawn);
  const product = useMemo(() => cornerAtRank(corner, reached), [corner, reached]);
  const part = (of: string, shown: number, all: number) =>
    shown < all ? `first ${shown} of ${all} ${of}` : `${all} ${of}`;
  const size = `${part('rows', rows, whole.rows)}, ${part('columns', columns, whole.columns)}`;
  const scale = Math.max(3, Math.floor((3 * drawn) / Math.max(rows, columns, filters)));
  return (
    <>
      <div className={styles.matrices}>
        <Matrix
          title="Kernel"
          note={size}
          {...{ rows, columns, scale }}
          at={(row, column) => corner.kernel[row * columns + column]!}
        />
        <span aria-hidden="true">≈</span>
        <Matrix
          title="First factor"
          note={part('filters', filters, reached)}
          {...{ rows, columns: filters, scale }}
          at={(row, k) => corner.first[row * corner.rank + k]!}
        />
        <span aria-hidden="true">×</span>
        <Matrix
          title="Second factor"
          note={part('filters', filters, reached)}
          {...{ rows: filters, columns, scale }}
          at={(k, column) => corner.second[k * columns + column]!}
        />
        <span aria-hidden="true">=</span>
        <Matrix
          title="Product"
          note={`at rank ${reached}`}
          {...{ rows, columns, scale }}
          at={(row, column) => product[row * columns + column]!}
        />
      </div>
      <p className={styles.note}>
        Blue is above zero, orange below, the stronger the farther.
        {whole.groups > 1 && ` Of its ${whole.groups} groups the first is drawn.`}
        {reached < rank && ` Its factors reach rank ${reached} so far: they are estimated first.`}
      </p>
    </>
  );
}
