import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { referencePath } from '../../scripts/reference';
import { createRandom } from '../linalg/random';
import { mutatedText } from '../network/testing/mutants';
import { planAtTarget } from './levels';
import { parseTables } from './tables';
import { tableAccuracies, tableEnergies, tableQualities, tablesMapLadder, tablesProblem } from './tablesMode';

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

  const whole = {
    netDef: '3 4 4 1 8 3 10 20\n3 2 4 1 8 3 10 30\n',
    rankList: '1 1\n2 1\n4 2\n',
    accuracies: '0.5 0.2\n0.9 0.2\n1 1\n',
    eigenvalues: '{"layer": {"a": 1, "b": 2}, "eigen": {"a": [4, 3, 2, 1], "b": [2, 1]}}',
  };

  it.each([
    ['', 'netDef', 'Net_def.txt: expected a line per layer, found none'],
    ['3 4.5 4 1 8 3 10 20', 'netDef', 'a rank from 1 to 65536 in line 1, found 4.5'],
    ['3 2147483648 4 1 8 3 10 20', 'netDef', 'a rank from 1 to 65536 in line 1, found 2147483648'],
    ['3 4 4 1 8 3 10 -20', 'netDef', 'Net_def.txt: expected costs above 0 in line 1, found 10 and -20'],
    ['[]', 'eigenvalues', 'eigenvalue.conf: expected layers and their singular values, found something else'],
    [
      whole.eigenvalues.replace('[2, 1]', '[2]'),
      'eigenvalues',
      'at least 2 finite singular values of b, found 1',
    ],
    [whole.eigenvalues.replace('[2, 1]', '[2, null]'), 'eigenvalues', 'singular values of b, found others'],
    ['1 1\n4294967295 1\n4 2', 'rankList', 'rising ranks up to 4 of a, found 1, 4294967295, 4'],
    ['0.5 0.2\n-1 0.2\n1 1', 'accuracies', 'from 0 up for each of 3 ranks of a, found 0.5, -1, 1'],
  ])('refuses tables that cannot be: %s', (text, file, sentence) => {
    const netDef = file === 'netDef' && text ? `${text}\n3 2 4 1 8 3 10 30` : whole.netDef;
    expect(() =>
      parseTables({ ...whole, netDef, [file]: file === 'netDef' && text ? netDef : text }),
    ).toThrow(sentence);
  });

  it('plans by whatever tables it has let pass, and says of others which file does not fit', () => {
    const random = createRandom(1);
    let passed = 0;
    for (let mutant = 0; mutant < 2000; mutant++) {
      const file = (['netDef', 'rankList', 'accuracies', 'eigenvalues'] as const)[random.integer(4)]!;
      const files = { ...whole, [file]: mutatedText(whole[file], random) };
      let tables;
      try {
        tables = parseTables(files);
      } catch (error) {
        expect(String(error)).toMatch(/^(Error: [\w.]+: expected|SyntaxError)/);
        continue;
      }
      passed++;
      const problem = tablesProblem(tables, true);
      for (const quality of tableQualities(problem, tables, tableEnergies))
        expect(quality.length).toBeGreaterThan(0);
      planAtTarget(tablesMapLadder(problem, 'macs', tables), 'map', 0.5);
    }
    expect(passed).toBeGreaterThan(100);
  });
});
