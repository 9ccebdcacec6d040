import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { referencePath } from '../../scripts/reference';
import { planAtTarget } from './levels';
import { parseTables } from './tables';
import { tableAccuracies, tableQualities, tablesMapLadder, tablesProblem } from './tablesMode';

interface Golden {
  readonly enc_map: Record<
    string,
    Record<string, { readonly ranks: readonly number[]; readonly achieved: number }>
  >;
}

function readTables(network: string) {
  const read = (file: string) => readFileSync(referencePath(`${network}/${file}`)!, 'utf8');
  return parseTables({
    netDef: read('Net_def.txt'),
    eigenvalues: read('eigenvalue.conf'),
    rankList: read('R_list.txt'),
    accuracies: read('A_norm.txt'),
  });
}

const goldenPath = referencePath('golden/enc_map.json');

describe.skipIf(goldenPath === null)(
  'ENC-Map from the authors’ tables (skipped without ../shared/reference)',
  () => {
    const golden =
      goldenPath === null ? { enc_map: {} } : (JSON.parse(readFileSync(goldenPath, 'utf8')) as Golden);
    for (const [network, targets] of Object.entries(golden.enc_map)) {
      for (const [target, expected] of Object.entries(targets)) {
        it(`agrees with the authors’ program on ${network} at ${target}`, () => {
          const tables = readTables(network);
          const problem = tablesProblem(tables);
          const plan = planAtTarget(tablesMapLadder(problem, 'macs', tables), 'map', Number(target));
          const ranks = problem.layers.map((layer) => plan.ranks[layer.name]!);
          expect(ranks.length).toBe(expected.ranks.length);
          ranks.forEach((rank, index) =>
            expect(Math.abs(rank - expected.ranks[index]!)).toBeLessThanOrEqual(1),
          );
          expect(Math.abs(plan.achieved - expected.achieved)).toBeLessThanOrEqual(0.001);
        });
      }
    }
  },
);

describe.skipIf(referencePath('res56/R_list.txt') === null)(
  'qualities from the authors’ tables (skipped without ../shared/reference)',
  () => {
    it('takes layers that list a rank twice by the first of its values', () => {
      const tables = readTables('res56');
      const problem = tablesProblem(tables, true);
      tableQualities(problem, tables, tableAccuracies).forEach((quality, index) => {
        const { ranks, accuracy } = tables.layers[index]!;
        ranks.forEach((rank) => expect(quality[rank - 1]).toBeCloseTo(accuracy[ranks.indexOf(rank)]!, 12));
      });
    });
  },
);

describe('parseTables', () => {
  it('says which file and line does not fit', () => {
    const files = {
      netDef: '3 2 4 1 8 3 10 20\n',
      rankList: '1 1\n2 2\n',
      accuracies: '1\n1\n',
      eigenvalues: '{}',
    };
    expect(() => parseTables(files)).toThrow(
      'R_list.txt: expected 1 columns in line 1, one per layer, found 2',
    );
    expect(() => parseTables({ ...files, rankList: 'one\n' })).toThrow(
      'R_list.txt: expected numbers in line 1',
    );
  });
});
