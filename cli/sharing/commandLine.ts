import type { Command } from 'commander';

/**
 * The words with which a command was called, put together again from its arguments and options.
 *
 * @param without names of options to leave out, as commander spells them
 */
export function calledWith(command: Command, without: readonly string[]): readonly string[] {
  const options = command.options.flatMap((option) => {
    const name = option.attributeName();
    if (without.includes(name) || command.getOptionValueSource(name) !== 'cli') return [];
    const value: unknown = command.getOptionValue(name);
    const values = Array.isArray(value) ? value : [value];
    return [option.long ?? option.flags, ...(option.isBoolean() ? [] : values.map(String))];
  });
  return [command.name(), ...command.args, ...options];
}
