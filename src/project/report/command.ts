import { settingList, type Settings } from '../settings';
import { numbersText } from '../preprocessing';
import type { ProjectState } from '../state';

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
    ...['--channels', channels, '--mean', typed(mean), '--scale', typed(scale)],
    ...['--out', 'report.html'],
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
  const named = (isCut: boolean) => Object.keys(overrides).filter((layer) => overrides[layer] === isCut);
  return [
    ...(named(true).length > 0 ? ['--include', ...named(true)] : []),
    ...(named(false).length > 0 ? ['--keep', ...named(false)] : []),
  ];
}

/** As an option takes numbers: with commas and without spaces. */
function typed(values: readonly number[]): string {
  return numbersText(values).replaceAll(' ', '');
}

/** The settings that the address says, as options; defaults are left out unless the address says them always. */
function settingWords(settings: Settings): readonly string[] {
  return settingList.flatMap(([name, { address, default: initial }]) => {
    if (!address || name === 'preprocessing') return [];
    const text = address.write(settings[name]);
    const isLeftOut = !address.isAlwaysWritten && text === address.write(initial);
    return isLeftOut ? [] : [`--${address.parameter}`, text];
  });
}
