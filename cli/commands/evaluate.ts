import type { BackendRequest } from '../../src/engine/backend';
import { note, percent, printAnswer } from '../output';
import { Workspace, type ImageOptions } from '../workspace';

export interface EvaluateOptions extends ImageOptions {
  readonly json: boolean;
  readonly backend: BackendRequest;
}

/** Measures a network's accuracy on labelled images. */
export async function evaluate(model: readonly string[], options: EvaluateOptions): Promise<void> {
  await Workspace.with(model, options.backend, async (workspace) => {
    const images = await workspace.openImages(options);
    const answers = await workspace.answers(images);
    const { top1, top5, images: count } = workspace.accuracy(images, answers, null);
    if (top1 === null)
      note(`${images.summary.name}: the images carry no labels, so there is no accuracy to measure.`);
    const { backend } = workspace.backend;
    printAnswer(options.json, { top1, top5, images: count, backend }, () =>
      top1 === null || top5 === null
        ? `${count} images, ${backend}`
        : `top-1 ${percent(top1)}, top-5 ${percent(top5)}, ${count} images, ${backend}`,
    );
  });
}
