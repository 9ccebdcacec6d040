import { settings, type Settings } from '../settings';
import type { Alternative, Assumption } from './assumption';

/** What a page offers for an assumption: what is in use, and its alternatives. */
export function choicesOf({ value, alternatives, choice }: Assumption): readonly Alternative[] {
  if (!choice || alternatives.some((alternative) => alternative.value === choice.value)) return alternatives;
  return [{ value: choice.value, text: value }, ...alternatives];
}

/** The change of settings that one of its choices asks for. */
export function settingsOfChoice({ choice }: Assumption, value: string): Partial<Settings> {
  if (!choice) return {};
  const { address } = settings[choice.setting];
  return { [choice.setting]: address ? address.read(value) : value };
}
