import { isSameClass } from '../../../src/answers/agreement';
import { originalRecipe, ranksOf, recipeKey } from '../../../src/compression/recipe';
import type { RaceStanding } from '../../../workers/protocol/race';
import { race } from '../../../workers/jobs/race';
import { winningIndex } from '../../../src/project/raceState';
import { printedStandings, standingsText } from '../../racing';
import { answersUnit, racedImages, raceStatement, raceUnits, type RaceStatement } from '../raceStatement';
import { defineMerger, type MergedFile } from './merger';

/** By `recipeKey`: the class given to every selection image. */
type AnswersByRecipe = ReadonlyMap<string, readonly number[]>;

/** A race from the answers of all its plans: batch for batch what one process would have told. */
export const raceMerger = defineMerger({
  kind: raceStatement,
  unit: answersUnit,
  ofUnits: racedImages,
  gather(statement, units) {
    const wanted = raceUnits(statement);
    const found = new Map(units.map(({ item, found: classes }) => [itemName(item), classes]));
    const missing = wanted.filter((item) => !found.has(itemName(item)));
    return {
      done: wanted.length - missing.length,
      total: wanted.length,
      mayGrow: false,
      gaps: missing.map(({ recipe, from, to }) => `plan ${recipe} on images ${from} to ${to - 1}`),
      merged: () => {
        const answers = new Map<string, number[]>();
        for (const item of wanted) {
          const before = answers.get(item.recipe) ?? [];
          answers.set(item.recipe, [...before, ...found.get(itemName(item))!]);
        }
        return mergedRace(statement, answers);
      },
    };
  },
});

function itemName({ recipe, from, to }: { recipe: string; from: number; to: number }): string {
  return `${recipe}|${from}-${to}`;
}

/** Holds the race again with answers that are all known. */
async function mergedRace(statement: RaceStatement, answers: AnswersByRecipe): Promise<MergedFile> {
  const { about, network, images } = statement;
  const original = recipeKey(originalRecipe(network.fingerprint));
  const right = Int32Array.from(about.labels ?? answers.get(original)!);
  const known = new Map(
    [...answers].map(([key, classes]) => [
      key,
      Uint8Array.from(classes, (answer, image) => Number(isSameClass(answer, right[image]!))),
    ]),
  );
  const standings = await race(
    {
      network: network.fingerprint,
      candidates: about.racers,
      images: images.fingerprint,
      indices: Uint32Array.from({ length: images.count }, (_, index) => index),
      preprocessing: about.selection.preprocessing,
      answers: right,
      firstBatch: about.firstBatch,
      known,
    },
    () => Promise.reject(new Error('mergedRace: expected every answer to be known')),
    { onEvent: () => undefined, onProgress: () => undefined, signal: new AbortController().signal },
  );
  return fileOf(statement, standings);
}

function fileOf({ about, network, images }: RaceStatement, standings: readonly RaceStanding[]): MergedFile {
  const winner = about.racers[winningIndex(standings, images.count)]!;
  const printed = {
    network: network.name,
    ...{ method: about.method, target: about.target, achieved: winner.achieved },
    standings: printedStandings(about.racers, standings, images.count),
    // As in a plan, so that enc compress --ranks follows it.
    ranks: ranksOf(winner.recipe),
    key: recipeKey(winner.recipe),
    recipe: winner.recipe,
  };
  return { text: `${JSON.stringify(printed)}\n`, printed, table: () => standingsText(printed.standings) };
}
