import type { Command } from 'commander';
import { fail } from '../src/network/failure';
import { withCommon, withNetworkReading, type RawOptions } from './options';

/** Adds a command that has what every command has. */
export function command(program: Command, name: string, description: string): Command {
  return withCommon(program.command(name).description(description));
}

/** Adds the network that a command is about, and how its files are read. */
export function withModel(command: Command, name = '<model...>'): Command {
  const about = 'the network: its file or files, their folder, or a zip of them';
  return withNetworkReading(command.argument(name, about));
}

/** @throws FailureError `invalid-request` where no images were given */
export function needsData(raw: RawOptions, name: string): readonly string[] {
  return (
    raw.data ??
    fail(
      'invalid-request',
      `enc ${name}: expected --data with images, found none; name files, a folder or a zip.`,
    )
  );
}
