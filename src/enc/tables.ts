import { parseShallowJson } from '../network/shallowJson';

/** The tables that the paper's authors publish with their programs, one row per layer in the same order. */
export interface AuthorsTables {
  readonly layers: readonly TableLayer[];
}

export interface TableLayer {
  readonly name: string;
  readonly rankMax: number;
  /** MACs at r_max. */
  readonly macsAtRankMax: number;
  /** Weights at r_max. */
  readonly parametersAtRankMax: number;
  readonly singularValues: readonly number[];
  /** Ranks at which the metrics are known, rising to r_max. */
  readonly ranks: readonly number[];
  /** Accuracy at those ranks with only this layer cut, relative to the uncut network. */
  readonly accuracy: readonly number[];
}

/** The texts of the four files. */
export interface TableFiles {
  readonly netDef: string;
  readonly eigenvalues: string;
  readonly rankList: string;
  readonly accuracies: string;
}

/**
 * Reads `Net_def.txt`, `eigenvalue.conf`, `R_list.txt` and `A_norm.txt`.
 *
 * @throws Error with a sentence naming the file where the tables do not fit each other
 */
export function parseTables(files: TableFiles): AuthorsTables {
  const layers = parseNumbers(files.netDef, 'Net_def.txt');
  if (layers.length === 0) throw new Error('Net_def.txt: expected a line per layer, found none');
  const ranks = transposed(parseNumbers(files.rankList, 'R_list.txt'), layers.length, 'R_list.txt');
  const accuracies = transposed(parseNumbers(files.accuracies, 'A_norm.txt'), layers.length, 'A_norm.txt');
  const spectra = parseEigenvalues(files.eigenvalues, layers.length);
  return {
    layers: layers.map((row, index) => {
      if (row.length < 8) {
        throw new Error(`Net_def.txt: expected at least 8 columns in line ${index + 1}, found ${row.length}`);
      }
      const { name, singularValues } = spectra[index];
      const layer = {
        name,
        rankMax: row[1],
        parametersAtRankMax: row[6],
        macsAtRankMax: row[7],
        singularValues,
        ranks: ranks[index],
        accuracy: accuracies[index],
      };
      requireLayer(layer, index + 1);
      return layer;
    }),
  };
}

/** More than any layer has; every rank of every layer is a choice. */
const largestRank = 65_536;

/** In float32; sums of them stay finite. */
const largestValue = 3.5e38;

/** @param line of the layer in Net_def.txt */
function requireLayer(layer: TableLayer, line: number): void {
  const { name, rankMax, macsAtRankMax, parametersAtRankMax, singularValues, ranks, accuracy } = layer;
  const isRank = (rank: number, most: number) => Number.isInteger(rank) && rank >= 1 && rank <= most;
  if (!isRank(rankMax, largestRank))
    throw new Error(
      `Net_def.txt: expected a rank from 1 to ${largestRank} in line ${line}, found ${rankMax}`,
    );
  if (!(macsAtRankMax > 0 && parametersAtRankMax > 0))
    throw new Error(
      `Net_def.txt: expected costs above 0 in line ${line}, found ${parametersAtRankMax} and ${macsAtRankMax}`,
    );
  const isSpectrum = singularValues.every(
    (value) => Number.isFinite(value) && value >= 0 && value <= largestValue,
  );
  if (!isSpectrum || singularValues.length < rankMax)
    throw new Error(
      `eigenvalue.conf: expected at least ${rankMax} finite singular values of ${name}, found ${isSpectrum ? singularValues.length : 'others'}`,
    );
  const isRising = ranks.every((rank, row) => isRank(rank, rankMax) && rank >= (ranks[row - 1] ?? 1));
  if (ranks.length === 0 || !isRising)
    throw new Error(
      `R_list.txt: expected rising ranks up to ${rankMax} of ${name}, found ${ranks.join(', ')}`,
    );
  if (accuracy.length !== ranks.length || accuracy.some((value) => value < 0))
    throw new Error(
      `A_norm.txt: expected an accuracy from 0 up for each of ${ranks.length} ranks of ${name}, found ${accuracy.join(', ')}`,
    );
}

function parseNumbers(text: string, file: string): number[][] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, index) =>
      line
        .trim()
        .split(/\s+/)
        .map((word) => {
          const value = Number(word);
          if (!Number.isFinite(value))
            throw new Error(`${file}: expected numbers in line ${index + 1}, found "${word}"`);
          return value;
        }),
    );
}

function transposed(rows: readonly (readonly number[])[], layers: number, file: string): number[][] {
  rows.forEach((row, index) => {
    if (row.length !== layers) {
      throw new Error(
        `${file}: expected ${layers} columns in line ${index + 1}, one per layer, found ${row.length}`,
      );
    }
  });
  return Array.from({ length: layers }, (_, column) => rows.map((row) => row[column]));
}

function parseEigenvalues(text: string, layers: number): { name: string; singularValues: number[] }[] {
  const { layer, eigen } = (parseShallowJson(text) ?? {}) as Partial<Record<'layer' | 'eigen', unknown>>;
  if (!isRecord(layer) || !isRecord(eigen))
    throw new Error('eigenvalue.conf: expected layers and their singular values, found something else');
  const names = Object.keys(layer);
  const places = new Map(names.map((name) => [name, Number(layer[name])]));
  names.sort((a, b) => places.get(a)! - places.get(b)!);
  if (names.length !== layers) {
    throw new Error(`eigenvalue.conf: expected ${layers} layers as in Net_def.txt, found ${names.length}`);
  }
  return names.map((name) => {
    const singularValues = Object.hasOwn(eigen, name) ? eigen[name] : undefined;
    if (!Array.isArray(singularValues))
      throw new Error(`eigenvalue.conf: expected singular values of ${name}, found none`);
    return { name, singularValues: singularValues as number[] };
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
