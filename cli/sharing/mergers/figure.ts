import { figureText } from '../../figureText';
import { figureSvg, type FigurePoint } from '../../figureSvg';
import { percent } from '../../output';
import {
  figureKey,
  figureOf,
  figureStatement,
  figureUnit,
  figureUnits,
  type FigureItem,
} from '../figureStatement';
import { defineMerger } from './merger';

/** A figure from its points. */
export const figureMerger = defineMerger({
  kind: figureStatement,
  unit: figureUnit,
  ofUnits: figureKey,
  gather(statement, units) {
    const wanted = figureUnits(statement);
    const found = new Map(units.map((unit) => [nameOf(unit.item), unit.found]));
    const missing = wanted.filter((item) => !found.has(nameOf(item)));
    return {
      done: wanted.length - missing.length,
      total: wanted.length,
      mayGrow: false,
      gaps: missing.map(nameOf),
      merged: () => {
        const [original, ...points] = wanted.map((item) => found.get(nameOf(item))!);
        const { network, images, about } = statement;
        const frame = { ...about, network: network.name, images: images.count };
        const figure = figureOf(frame, original as FigurePoint['measured'], points as FigurePoint[]);
        return {
          text: `${JSON.stringify(figure)}\n`,
          printed: figure,
          table: () => figureText(figure),
          svg: () => figureSvg(figure),
        };
      },
    };
  },
});

function nameOf({ target, method }: FigureItem): string {
  return target === null ? 'the original network' : `${method} at ${percent(target, 4)}`;
}
