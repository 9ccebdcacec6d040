import { decisionOf, type LayerDecision } from '../layerDecisions';
import { defaultSettings, settingList, type Settings } from '../settings';
import type { DistilNote } from '../document';
import { numbersText } from '../preprocessing';
import type { ProjectState } from '../state';
import { ownValue } from '../../network/ownValue';

/** Words as a shell takes them. */
export function shellText(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}

/** What a command line is told of the files. */
export interface GivenWords {
  readonly network: readonly string[];
  readonly data: readonly string[];
  /** Empty where calibration and selection come from the same images. */
  readonly calibration: readonly string[];
}

/** The command line that does the same work with the same settings, and writes this report. */
export function reproducingCommand(state: ProjectState, given: GivenWords | null = null): string {
  const { document } = state;
  const { network, data, calibration } = given ?? openedAs(state);
  const { settings } = document;
  const { channels, mean, scale } = settings.preprocessing;
  return shellText([
    ...['enc', 'report', ...network],
    ...(data.length > 0 ? ['--data', ...data] : []),
    ...(calibration.length > 0 ? ['--calibration', ...calibration] : []),
    ...settingWords(settings),
    ...overrideWords(settings),
    ...layerWords(state),
    ...['--channels', channels, '--mean', typed(mean), '--scale', typed(scale)],
    ...['--out', 'report.html'],
  ]);
}

/** The command line that distils a plan again, from its file: on the very images that the plan's steps name. */
export function distillingCommand(
  state: ProjectState,
  { method }: DistilNote,
  given: GivenWords | null = null,
): string {
  const { network, data, calibration } = given ?? openedAs(state);
  const { channels, mean, scale } = state.document.settings.preprocessing;
  return shellText([
    ...['enc', 'compress', ...network, '--ranks', `${method}-plan.json`],
    ...(data.length > 0 ? ['--data', ...data] : []),
    ...(calibration.length > 0 ? ['--calibration', ...calibration] : []),
    ...['--channels', channels, '--mean', typed(mean), '--scale', typed(scale)],
    ...['--out', `${method}-distilled.onnx`],
  ]);
}

function openedAs({ network, images, tuning }: ProjectState): GivenWords {
  return {
    network: [network?.summary.name ?? 'NETWORK'],
    data: images ? [images.name] : [],
    calibration: tuning ? [tuning.name] : [],
  };
}

/** Layers that are cut or kept against the defaults. */
function overrideWords({ overrides }: Settings): readonly string[] {
  const named = (isCut: boolean) =>
    Object.keys(overrides).filter((layer) => ownValue(overrides, layer) === isCut);
  return [
    ...(named(true).length > 0 ? ['--include', ...named(true)] : []),
    ...(named(false).length > 0 ? ['--keep', ...named(false)] : []),
  ];
}

/** Ranks that are fixed, bounded or multiples, and how layers are split, as they count in the network that is open. */
function layerWords({ network, document: { settings } }: ProjectState): readonly string[] {
  const layers = network?.summary.layers ?? [];
  const decided = layers.flatMap((layer) => decisionWords(layer.name, decisionOf(settings, layer)));
  const multiples = [
    ...(settings.multiple === defaultSettings.multiple ? [] : [String(settings.multiple)]),
    ...decided.flatMap(([of, word]) => (of === '--multiple' ? [word] : [])),
  ];
  const splits = layers.flatMap(({ name, factorisation }) => {
    const choice = ownValue(settings.factorisations, name);
    if (!choice) return [];
    // Ranks that are named belong to the split that they were named of.
    const { least, most } = ownValue(settings.limits, name) ?? {};
    const isBounded = (least ?? most) !== undefined && choice === 'automatic';
    return [`${name}=${isBounded ? factorisation : choice}`];
  });
  return [
    ...['--rank', '--bound'].flatMap((option) => {
      const own = decided.flatMap(([of, word]) => (of === option ? [word] : []));
      return own.length > 0 ? [option, ...own] : [];
    }),
    ...(multiples.length > 0 ? ['--multiple', ...multiples] : []),
    ...(splits.length > 0 ? ['--factorisation', ...splits] : []),
  ];
}

function decisionWords(layer: string, decision: LayerDecision): readonly (readonly [string, string])[] {
  if (decision.kind === 'locked') return [['--rank', `${layer}=${decision.rank}`]];
  if (decision.kind === 'whole') return [];
  const { multiple } = decision;
  const multiples = multiple === undefined ? [] : [['--multiple', `${layer}=${multiple}`] as const];
  if (decision.kind === 'free') return multiples;
  const { least = '', most = '' } = decision.bounds;
  return [['--bound', `${layer}=${least}..${most}`], ...multiples];
}

/** As an option takes numbers: with commas and without spaces. */
function typed(values: readonly number[]): string {
  return numbersText(values).replaceAll(' ', '');
}

/** The settings that the address says, as options; defaults are left out unless the address says them always. */
function settingWords(settings: Settings): readonly string[] {
  return settingList.flatMap(([name, { address, default: initial }]) => {
    // Multiples of all layers' ranks stand with those of single ones.
    if (!address || address.isOfLayers || name === 'preprocessing' || name === 'multiple') return [];
    const text = address.write(settings[name]);
    const isLeftOut = !address.isAlwaysWritten && text === address.write(initial);
    return isLeftOut ? [] : [`--${address.parameter}`, text];
  });
}
