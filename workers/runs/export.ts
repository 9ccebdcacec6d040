import { storageOf } from '../../src/compression/steps/quantise';
import { writerOf } from '../../src/formats/models';
import { requireStorage } from '../../src/formats/models/writer';
import { exportKind } from '../protocol/export';
import { exportAndCompare } from '../service/exporting';
import { noiseImages } from '../service/noiseImages';
import { defineRun } from './run';

/** Writes a network, reads it back and compares it. */
export const exportRun = defineRun(exportKind, async (context, request, { onProgress, isCancelled }) => {
  const { recipe, metadata, selection } = request;
  const storage = storageOf(recipe.steps.at(-1)?.settings ?? {});
  if (storage) requireStorage(writerOf(request.format), storage);
  onProgress({ stage: 'exporting', done: 0, total: 2, unit: 'steps' });
  const made = context.network(recipe);
  const network = { ...made, metadata: { ...made.metadata, ...metadata } };
  onProgress({ stage: 'exporting', done: 1, total: 2, unit: 'steps' });
  const on = selection ? context.selected(recipe.network, selection) : noiseImages(network.input.shape);
  return exportAndCompare(network, request, on, isCancelled, context.loadLiteRt);
});
