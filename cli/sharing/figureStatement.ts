import * as v from 'valibot';
import type { SelectionMethod } from '../../src/compression/methods/method';
import { canonicalKey } from '../../src/network/canonical';
import { imageParts } from '../../src/project/images';
import { imagesKey } from '../../src/project/measurement';
import { finite, recordOf, whole } from '../../src/project/schemas';
import { statementKey, type Statement, type StatementKind } from '../../src/project/sharing/statement';
import { unitKind } from '../../src/project/sharing/units';
import type { Figure, FigurePoint } from '../figureSvg';
import type { Workspace } from '../workspace';

/** A figure without its points. */
export type FigureFrame = Pick<Figure, 'network' | 'metric' | 'isAgreement' | 'images'>;

/** What decides a shared figure, beside network and images. */
export interface FigureAbout {
  readonly metric: string;
  readonly isAgreement: boolean;
  readonly targets: readonly number[];
  readonly methods: readonly string[];
  /** Names the report images. */
  readonly report: string;
  /** Names the curves that the plans are made by. */
  readonly curves: string;
  /** Names what else decides the plans: layers, the space that is searched, and the images that they are raced on. */
  readonly plans: string;
}

export type FigureStatement = Statement<FigureAbout>;

/** A figure of every method at every target. */
export const figureStatement: StatementKind<FigureAbout> = {
  id: 'figure',
  about: v.strictObject({
    metric: v.string(),
    isAgreement: v.boolean(),
    targets: v.array(finite),
    methods: v.array(v.string()),
    report: v.string(),
    curves: v.string(),
    plans: v.string(),
  }),
};

/** A method at a target; both null for the original network. */
export interface FigureItem {
  readonly target: number | null;
  readonly method: string | null;
}

const share = v.strictObject({
  correct: whole,
  accuracy: finite,
  interval: v.strictObject({ low: finite, high: finite }),
});
const figurePoint: v.GenericSchema<unknown, FigurePoint> = v.strictObject({
  method: v.string(),
  target: finite,
  achieved: finite,
  reached: v.boolean(),
  ranks: recordOf(v.nullable(whole)),
  predicted: recordOf(finite),
  measured: share,
});

/** A point of a figure, or what the original network reaches; its `of` is {@link figureKey}. */
export const figureUnit = unitKind<FigureItem, FigurePoint | FigurePoint['measured']>(
  'figure-point',
  v.strictObject({ target: v.nullable(finite), method: v.nullable(v.string()) }),
  v.union([figurePoint, share]),
);

/** The `of` of a figure's units. */
export function figureKey(statement: FigureStatement): string {
  // A point is the same whatever other points the figure has.
  const about = { ...statement.about, targets: [], methods: [] };
  return statementKey(figureStatement, { ...statement, about });
}

/** The original network, then every method at every target. */
export function figureUnits({ about }: FigureStatement): readonly FigureItem[] {
  const points = about.targets.flatMap((target) => about.methods.map((method) => ({ target, method })));
  return [{ target: null, method: null }, ...points];
}

/** States the figure of a workspace whose images are open and whose curves are taken. */
export function figureStatementOf(
  { network, state, planner }: Workspace,
  { metric, isAgreement, images }: FigureFrame,
  given: {
    readonly targets: readonly number[];
    readonly methods: readonly SelectionMethod[];
    readonly data: readonly string[];
    readonly command: readonly string[];
  },
): FigureStatement {
  const {
    factorisations,
    overrides,
    multiple,
    limits,
    seed,
    candidates,
    searchesAll,
    searchSpread,
    searchSlack,
  } = state.document.settings;
  const parts = imageParts(state)!;
  const selection = given.methods.some(({ needs }) => needs.images) ? imagesKey(parts.selection.drawn) : null;
  // Threads finish layers in another order every time; keys of an object have none.
  const qualities = [...planner.inputs.curves].map(([layer, { quality }]) => [layer, Array.from(quality)]);
  return {
    network: { fingerprint: network.fingerprint, name: network.name },
    images: { fingerprint: parts.report.images, name: given.data.join(' '), count: images },
    about: {
      ...{ metric, isAgreement, targets: given.targets, methods: given.methods.map(({ id }) => id) },
      report: imagesKey(parts.report.drawn),
      curves: canonicalKey(Object.fromEntries(qualities)),
      plans: canonicalKey([
        overrides,
        multiple,
        limits,
        seed,
        candidates,
        searchesAll,
        searchSpread,
        searchSlack,
        selection,
        ...(Object.keys(factorisations).length > 0 ? [factorisations] : []),
      ]),
    },
    command: given.command,
  };
}

/** A figure in one piece. */
export function figureOf(
  { network, metric, isAgreement, images }: FigureFrame,
  original: Figure['original'],
  points: readonly FigurePoint[],
): Figure {
  return { network, metric, isAgreement, images, original, points };
}
