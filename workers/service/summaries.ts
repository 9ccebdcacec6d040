import type { NamedFile } from '../../src/formats/file';
import { readers } from '../../src/formats/models/readers';
import { offeredForms } from '../../src/formats/models/writers';
import { statedClassNames } from '../../src/network/classNames';
import { networkCost } from '../../src/network/cost';
import { describeAlternatives, describeLayers } from '../../src/network/describe';
import { drawNetwork } from '../../src/network/drawing';
import { fingerprintImages, fingerprintNetwork } from '../../src/network/fingerprint';
import type { Network } from '../../src/network/graph';
import type { ImageSet } from '../../src/network/images';
import { holdingOf } from '../../src/network/holding';
import { inputScaling } from '../../src/network/inputScaling';
import { classCount, describeOutputs, scoreOutput } from '../../src/network/outputs';
import type { ImagesSummary, NetworkSummary } from '../protocol/summaries';

/** Sums a network up for a page or a command line. */
export function summariseNetwork(network: Network, files: readonly NamedFile[]): NetworkSummary {
  const classes = classCount(network);
  const { format } = network.source;
  const holding = holdingOf(network);
  return {
    ...(holding.weights === 'float32' ? {} : { holding }),
    fingerprint: fingerprintNetwork(network),
    name: network.name || (files[0]?.name ?? 'network'),
    bytes: files.reduce((sum, file) => sum + file.bytes.byteLength, 0),
    format,
    formatTitle: readers.find(format)?.title ?? format,
    forms: offeredForms(format),
    input: network.input,
    outputs: describeOutputs(network),
    scoreOutput: scoreOutput(network),
    content: fingerprintNetwork({ ...network, scoresAt: 0 }),
    classes,
    classNames: statedClassNames(network.metadata, classes),
    ...networkCost(network),
    preprocessing: network.preprocessing ?? null,
    scaling: inputScaling(network),
    layers: describeLayers(network),
    alternatives: describeAlternatives(network),
    drawing: drawNetwork(network),
  };
}

/** Sums a set of images up without its pixels, under a name for every way to read its labels. */
export function summariseImages(images: ImageSet): ImagesSummary {
  const { matching = null, isFitted = false, range = null, subset = null } = images;
  const fingerprint = fingerprintImages(images);
  const labelChoices = images.labelChoices && {
    ...images.labelChoices,
    readings: images.labelChoices.readings.map((reading) => ({
      ...reading,
      fingerprint: fingerprintImages({ ...images, labels: reading.labels }),
    })),
  };
  const { name, count, height, width, channels, labels, classNames, leftOut, animated } = images;
  return {
    ...{
      fingerprint,
      name,
      count,
      height,
      width,
      channels,
      labels,
      classNames,
      matching,
      isFitted,
      range,
      subset,
    },
    ...(leftOut ? { leftOut } : {}),
    ...(animated === undefined ? {} : { animated }),
    labelChoices: labelChoices ?? null,
  };
}
