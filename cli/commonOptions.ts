import type { BackendRequest } from '../src/engine/backend';
import type { ReadOptions } from '../src/formats/models/reader';

/** What every command that reads a network has. */
export interface CommonOptions {
  readonly json: boolean;
  readonly backend: BackendRequest;
  /** How the network's files are read. */
  readonly networkReading: ReadOptions;
}
