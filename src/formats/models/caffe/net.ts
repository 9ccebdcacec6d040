import { fail } from '../../../network/failure';
import { decodeMessage } from '../protobuf';
import {
  netSchema,
  olderTypes,
  type LayerMessage,
  type NetMessage,
  type OlderLayerMessage,
  type StateRuleMessage,
} from './schema';

/** Every layer of a net in the newer format, whichever it was written in. */
export function layersOf(net: NetMessage): readonly LayerMessage[] {
  return [...net.layer, ...net.layers.map(upgraded)];
}

const absent = decodeMessage(netSchema.layer.schema, new Uint8Array(0), '');

function upgraded({ layer, type, ...rest }: OlderLayerMessage): LayerMessage {
  if (layer) {
    fail(
      'unreadable-file',
      "expected layers of Caffe's second or third format, found the first (V0); upgrade it with Caffe's upgrade_net_proto tools.",
    );
  }
  return { ...absent, ...rest, type: olderTypes.get(type ?? 0)?.type ?? `layer type ${type}` };
}

/** Whether a layer takes part when the net is tested, by its include and exclude rules. */
export function isInTest({ include, exclude }: LayerMessage): boolean {
  return include.length > 0 ? include.some(isMet) : !exclude.some(isMet);
}

const testPhase = 1;

/** Whether a rule holds for phase TEST, level 0 and no stages, the state that Caffe tests in by itself. */
function isMet({ phase, min_level, max_level, stage }: StateRuleMessage): boolean {
  const phaseMet = phase === undefined || phase === testPhase;
  return phaseMet && (min_level ?? 0) <= 0 && (max_level ?? 0) >= 0 && stage.length === 0;
}

const dataTypes: ReadonlySet<string> = new Set([
  ...['Input', 'Data', 'ImageData', 'MemoryData', 'HDF5Data', 'DummyData', 'WindowData', 'AnnotatedData'],
]);

/** Whether a layer brings images in. */
export function isData({ type }: LayerMessage): boolean {
  return dataTypes.has(type ?? '');
}

/** Whether a layer convolves each channel by itself because its type says so (`group` may be left out). */
export function isDepthwise({ type }: LayerMessage): boolean {
  return type === 'ConvolutionDepthwise' || type === 'DepthwiseConvolution';
}

/** Whether a layer only measures or throws away what the net answers. */
export function isForTraining({ type = '' }: LayerMessage): boolean {
  return /Loss$|^(Accuracy|ArgMax|Silence|HDF5Output)$/.test(type);
}
