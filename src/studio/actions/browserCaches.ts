import type { OnStorage } from '../../../workers/client/database';
import { createGroupedStore } from '../../../workers/client/groupedStore';
import { createLimitedStore } from '../../../workers/client/limitedStore';
import type { CourseState } from '../../../workers/protocol/distil';
import { stayAwake } from '../../../workers/client/stayAwake';
import { endOf, type MeasuredPiece } from '../../enc/sweep/pieces';
import { pointKey, type MeasuredPoint } from '../../enc/sweep/points';
import type { LayerFactors } from '../../network/factors';
import { worthKeeping, type Caches, type KeptRepair } from '../../project/caches';

/** Raise one of them whenever what was saved before would no longer be what is measured now. */
const pointsVersion = 4;
const correctVersion = 1;
/** Names say what factors depend on; raise it where a record would be another. */
const factorsVersion = 1;
/** The same of what repairs made. */
const repairsVersion = 1;
/** The same of layers' singular values. */
const spectraVersion = 1;
/** The same of where distillations stand: raise it, too, where a course would go on otherwise than before. */
const coursesVersion = 2;
/** Bytes that each of the two may take. */
const repairsLimit = 2 ** 29;
/** Bytes that the factors of a person's networks may take. */
const factorsLimit = 2 ** 30;
/** The same of their singular values: some hundred networks. */
const spectraLimit = 2 ** 25;

interface SavedPoint {
  readonly sweep: string;
  readonly point: MeasuredPoint | MeasuredPiece;
}

interface SavedAnswers {
  readonly recipe: string;
  readonly correct: Uint8Array;
}

/**
 * What outlives the page, on the browser's disk; its databases are opened at first use.
 *
 * @param onStorage told why nothing can be kept, and null once something can again
 */
export function createBrowserCaches(onStorage: OnStorage): Caches {
  // One of them may work where another does not.
  const problems = new Map<string, string>();
  const toldBy = (name: string) => (problem: string | null) => {
    if (problem === null) problems.delete(name);
    else problems.set(name, problem);
    onStorage([...problems.values()][0] ?? null);
  };
  const grouped = <T>(name: string, version: number) => createGroupedStore<T>(name, version, toldBy(name));
  const points = grouped<SavedPoint>('enc-studio-points', pointsVersion);
  const answers = grouped<SavedAnswers>('enc-studio-correct', correctVersion);
  const limited = <T>(name: string, version: number, limit: number) =>
    createLimitedStore<T>(name, version, limit, toldBy(name));
  const repairs = limited<KeptRepair>('enc-studio-repairs', repairsVersion, repairsLimit);
  const courses = limited<CourseState>('enc-studio-courses', coursesVersion, repairsLimit);
  // The one that goes on is found again even where the disk refuses.
  let newest: { readonly name: string; readonly state: CourseState } | null = null;
  const factors = limited<LayerFactors>('enc-studio-factors', factorsVersion, factorsLimit);
  const spectra = limited<ReadonlyMap<string, Float64Array>>(
    'enc-studio-spectra',
    spectraVersion,
    spectraLimit,
  );
  return {
    loadPieces: async (key) => (await points.load(key)).map(({ point }) => point),
    savePieces: (sweep, own) =>
      points.save(
        sweep,
        own.map((point) => [`${pointKey(point)}|${point.from}-${endOf(point)}`, { sweep, point }]),
      ),
    loadCorrect: async (images) =>
      new Map((await answers.load(images)).map(({ recipe, correct }) => [recipe, correct])),
    saveCorrect: (images, own) =>
      answers.save(
        images,
        [...own].map(([recipe, correct]) => [recipe, { recipe, correct }]),
      ),
    leastWork: worthKeeping,
    loadFactors: (key) => factors.load(key),
    saveFactors: (key, own) => factors.save(key, own, bytesOf(own)),
    loadSpectra: (key) => spectra.load(key),
    saveSpectra: (key, own) => spectra.save(key, own, bytesOfArrays([...own.values()])),
    loadRepair: (name) => repairs.load(name),
    saveRepair: (name, own) => repairs.save(name, own, bytesOfArrays(own.patch)),
    loadCourse: async (name) => (newest?.name === name ? newest.state : await courses.load(name)),
    saveCourse: (name, state) => {
      newest = { name, state };
      return courses.save(name, state, bytesOfArrays(state));
    },
    stayAwake,
  };
}

function bytesOf({ singularValues, first, second }: LayerFactors): number {
  return singularValues.byteLength + first.data.byteLength + second.data.byteLength;
}

/** Bytes of all arrays of numbers in plain data. */
function bytesOfArrays(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, part) => sum + bytesOfArrays(part), 0);
}
