/** A benchmark under the name by which it is asked for. */
export interface Section {
  readonly name: string;
  /** What it measures, for a person. */
  readonly about: string;
  /** `bench/<file>.ts`, which writes `bench/results/<file>.json` unless `result` says otherwise. */
  readonly file: string;
  readonly result?: string;
  readonly args?: readonly string[];
}

/** In the order in which they run: short ones first. */
export const sections: readonly Section[] = [
  { name: 'layers', about: 'convolutions of real networks beside ONNX Runtime Web', file: 'layers' },
  { name: 'factors', about: 'cut layers beside whole ones, by kind and rank', file: 'factors' },
  { name: 'evaluation', about: 'a cut network beside its original and ONNX Runtime Web', file: 'evaluation' },
  {
    name: 'browser',
    about: 'real networks in the browser beside ONNX Runtime Web and PyTorch',
    file: 'browser',
  },
  { name: 'gpu', about: 'the same on the graphics card, where there is one', file: 'gpu' },
  { name: 'engine', about: 'images per second over batch sizes, fused and node by node', file: 'engine' },
  { name: 'factorisation', about: "VGG-16's kernels beside SciPy's gesdd", file: 'svd' },
  { name: 'planning', about: 'the three methods by weights, per target, in the browser', file: 'planning' },
  { name: 'drag', about: 'frames while the target is dragged, in the browser', file: 'drag' },
  { name: 'visit', about: 'from the page to the first curves, in the browser', file: 'firstVisit' },
  {
    name: 'large',
    about: 'ResNet-50 with 256 pictures and a whole VGG-16, in the browser: time and memory',
    file: 'large',
  },
  { name: 'journey', about: 'from a drop of ResNet-56 to a repaired plan, in the browser', file: 'journey' },
  { name: 'reopening', about: 'from a drop of a known network to its curves', file: 'reopening' },
  {
    name: 'errors',
    about: "errors of layers' outputs with and without repair",
    file: 'layerErrors',
    result: 'layerErrors-residual',
  },
  { name: 'repair', about: 'repair of ResNet-56 in the browser', file: 'repair' },
  {
    name: 'distil',
    about: 'distillation of ResNet-56 in the browser beside PyTorch',
    file: 'distil',
  },
  { name: 'storage', about: 'ResNet-56 in fewer bits, here and in four runtimes', file: 'quantise' },
  {
    name: 'times',
    about: 'ResNet-56 by MACs and by time, here and in ONNX Runtime Web, in the browser',
    file: 'times',
  },
  { name: 'bytes', about: 'ResNet-56 cut and in fewer bits, by bytes', file: 'bytes' },
  { name: 'sweep', about: 'measured curves beside a plain PyTorch loop, in the browser', file: 'sweep' },
  {
    name: 'timed',
    about: 'measured curves of ResNet-50 in 10 minutes: what came, and what was foretold',
    file: 'timed',
  },
  {
    name: 'scale',
    about: 'what sharing a sweep costs, on 200 images',
    file: 'scale',
    args: ['200', '3', '16'],
  },
];
