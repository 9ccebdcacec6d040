import type { Command } from 'commander';
import { fail } from '../src/network/failure';

/*
 * Options that would be passed over without a word, because of another one or for want of it. What looks at the values
 * of one option stays where the option is read.
 */

type Values = Readonly<Record<string, unknown>>;

/** An option that stands in the place of others. */
interface Instead {
  readonly commands: readonly string[];
  readonly option: string;
  readonly others: readonly string[];
}

/** Options that say something of another one alone. */
interface Beside {
  readonly commands: readonly string[];
  readonly options: readonly string[];
  /** What they are to stand beside, for a person. */
  readonly what: string;
  readonly isThere: (values: Values, given: (option: string) => boolean) => boolean;
}

const choosing = [
  'target',
  'budget',
  'method',
  'curves',
  'metric',
  'search',
  'deltaS',
  'deltaM',
  'candidates',
];
const limiting = ['include', 'keep', 'rank', 'bound', 'multiple'];
const imageWays = ['preprocess', 'channels', 'mean', 'scale'];
const planning = ['plan', 'compress', 'latency', 'figure', 'lossless'];

const insteads: readonly Instead[] = [
  { commands: ['compress', 'latency'], option: 'ranks', others: [...choosing, ...limiting] },
  {
    commands: ['plan'],
    option: 'tables',
    others: ['curves', 'selection', 'selectionImages', ...imageWays, ...limiting],
  },
];

const besides: readonly Beside[] = [
  {
    ...{ commands: planning, options: ['candidates'], what: '--method inf' },
    isThere: (values) => methodsOf(values).includes('inf'),
  },
  {
    ...{ commands: planning, options: ['search', 'deltaS', 'deltaM'], what: '--method model or inf' },
    isThere: (values) => methodsOf(values).some((method) => method === 'model' || method === 'inf'),
  },
  {
    ...{ commands: ['plan'], options: ['top'], what: '--method model' },
    isThere: (values) => methodsOf(values).includes('model'),
  },
  {
    ...{ commands: ['compress'], options: ['calibration', 'calibrationImages'] },
    what: '--repair, --distil, --weights, --activations or --ranks',
    isThere: (_, given) => ['repair', 'distil', 'weights', 'activations', 'ranks'].some(given),
  },
  {
    ...{
      commands: ['compress'],
      options: [
        'epochs',
        'stopAfter',
        'minutes',
        'rate',
        'blocks',
        'views',
        'zoom',
        'windows',
        'temperature',
        'optimiser',
        'labels',
      ],
    },
    what: '--distil',
    isThere: (_, given) => given('distil'),
  },
  {
    ...{ commands: ['compress', 'figure'], options: ['images'], what: '--data' },
    isThere: (_, given) => given('data'),
  },
  {
    ...{
      commands: ['curves'],
      options: ['ranks', 'exhaustive', 'repair', 'minutes'],
      what: '--metric measured or divergence',
    },
    isThere: ({ metric }) => metric !== 'energy',
  },
  {
    ...{ commands: ['curves'], options: ['target'], what: '--minutes' },
    isThere: (_, given) => given('minutes'),
  },
  {
    ...{ commands: ['curves'], options: ['calibration', 'calibrationImages'], what: '--repair' },
    isThere: (_, given) => given('repair'),
  },
];

/** Every option that a rule names, by the commands that the rule is for. */
export const rules: readonly { readonly commands: readonly string[]; readonly options: readonly string[] }[] =
  [
    ...insteads.map(({ commands, option, others }) => ({ commands, options: [option, ...others] })),
    ...besides,
  ];

/** Pairs of options of which no two may name the same layer. */
const layerPairs = [
  ['keep', 'include'],
  ['keep', 'rank'],
  ['keep', 'bound'],
  ['keep', 'multiple'],
  ['bound', 'rank'],
  ['rank', 'multiple'],
] as const;

/** --methods of a figure, else --method. */
function methodsOf({ method, methods }: Values): readonly string[] {
  const text = typeof methods === 'string' ? methods : method;
  return typeof text === 'string' ? text.split(',').map((name) => name.trim()) : [];
}

/**
 * Requires of a command's options that each of them counts.
 *
 * @throws FailureError `invalid-request` naming two that do not go together
 */
export function requireConsistent(command: Command): void {
  const values = command.opts<Values>();
  const given = (option: string) => command.getOptionValueSource(option) === 'cli';
  const concerned = <T extends { readonly commands: readonly string[] }>(rules: readonly T[]) =>
    rules.filter(({ commands }) => commands.includes(command.name()));
  for (const { option, others } of concerned(insteads)) {
    const other = given(option) ? others.find(given) : undefined;
    if (other !== undefined)
      fail(
        'invalid-request',
        `${flag(option)}: expected it instead of ${flag(other)}, found both; leave one of them out.`,
      );
  }
  for (const { options, what, isThere } of concerned(besides)) {
    const alone = options.find((option) => given(option) && !isThere(values, given));
    if (alone !== undefined)
      fail(
        'invalid-request',
        `${flag(alone)}: expected it beside ${what}, found it without; leave it out, or give that, too.`,
      );
  }
  for (const [one, other] of layerPairs) {
    const named = new Set(layersIn(values, other));
    const both = layersIn(values, one).find((layer) => named.has(layer));
    if (both !== undefined)
      fail(
        'invalid-request',
        `${flag(one)}: expected other layers than ${flag(other)} names, found "${both}" in both; leave it out of one of them.`,
      );
  }
}

/** Names of layers in the values of an option, which may go on behind them: `conv1=8`. */
function layersIn(values: Values, option: (typeof layerPairs)[number][number]): readonly string[] {
  const value = values[option];
  if (!Array.isArray(value)) return [];
  const entries = value.map(String);
  // A multiple without a layer is that of all of them.
  const ofLayers = option === 'multiple' ? entries.filter((entry) => entry.includes('=')) : entries;
  return ofLayers.map((entry) => entry.replace(/=[^=]*$/, ''));
}

/** `calibrationImages` → `--calibration-images`. */
function flag(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
