import type { NamedFile } from '../../src/formats/file';
import { readNetwork } from '../../src/formats/models';
import { operatorTable, type OperatorTable } from '../../src/formats/models/operatorTable';
import { sortFiles, type SortedFiles } from '../../src/formats/sorting';
import { outcomeOf, type Outcome } from '../../src/network/failure';
import { assertComputable } from '../../src/network/validate';
import type { Parser } from '../pool/parsing';
import type { ParsedNetwork, ParseService } from '../protocol/parse';
import { summariseNetwork } from './summaries';

/** The parsers in the thread that they are made in. */
export class InThreadParser implements ParseService {
  sortFiles(files: readonly NamedFile[]): Promise<Outcome<SortedFiles>> {
    return outcomeOf(() => sortFiles(files));
  }

  operatorTable(): Promise<Outcome<OperatorTable>> {
    return outcomeOf(() => operatorTable());
  }

  parseNetwork(files: readonly NamedFile[]): Promise<Outcome<ParsedNetwork>> {
    return outcomeOf(async () => {
      const network = await readNetwork(files);
      assertComputable(network);
      return { network, summary: summariseNetwork(network, files) };
    });
  }
}

/** A parser without a thread of its own, for command lines and tests. */
export function inThreadParser(): Parser {
  return { service: new InThreadParser(), close: () => undefined };
}
