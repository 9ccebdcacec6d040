import { recipeKey } from '../../src/compression/recipe';
import { original } from '../../src/project/measurements';
import { assumed } from '../../src/project/assumptions';
import { accuracyOf } from '../accuracy';
import { assumptionsText, printedAssumption } from '../assumptions';
import { firstOf } from '../images';
import { note, percent, printAnswer } from '../output';
import type { CommonOptions } from '../commonOptions';
import { Workspace, type ImageOptions } from '../workspace';

export interface EvaluateOptions extends CommonOptions, ImageOptions {}

/** Measures a network's accuracy on labelled images. */
export async function evaluate(model: readonly string[], options: EvaluateOptions): Promise<void> {
  await Workspace.with(model, options, async (workspace) => {
    const images = await workspace.open({ ...options, printsAssumptions: true });
    workspace.use({ report: firstOf(images, options.images ?? Infinity) });
    const uncut = original(workspace.state)!;
    const { top1, top5, images: count } = accuracyOf(await workspace.measure(uncut), null);
    if (top1 === null)
      note(`${images.summary.name}: the images carry no labels, so there is no accuracy to measure.`);
    const { backend } = workspace.backend;
    const assumptions = assumed(workspace.state);
    const answer = {
      ...{ top1, top5, images: count, backend, recipe: recipeKey(uncut) },
      assumptions: assumptions.map(printedAssumption),
      leftOut: images.summary.leftOut ?? [],
    };
    printAnswer(options.json, answer, () => {
      const accuracy =
        top1 === null || top5 === null ? '' : `top-1 ${percent(top1)}, top-5 ${percent(top5)}, `;
      return `${accuracy}${count} images, ${backend}\n\n${assumptionsText(assumptions)}`;
    });
  });
}
