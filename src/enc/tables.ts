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
  const ranks = transposed(parseNumbers(files.rankList, 'R_list.txt'), layers.length, 'R_list.txt');
  const accuracies = transposed(parseNumbers(files.accuracies, 'A_norm.txt'), layers.length, 'A_norm.txt');
  const spectra = parseEigenvalues(files.eigenvalues, layers.length);
  return {
    layers: layers.map((row, index) => {
      if (row.length < 8) {
        throw new Error(`Net_def.txt: expected at least 8 columns in line ${index + 1}, found ${row.length}`);
      }
      const { name, singularValues } = spectra[index];
      return {
        name,
        rankMax: row[1],
        parametersAtRankMax: row[6],
        macsAtRankMax: row[7],
        singularValues,
        ranks: ranks[index],
        accuracy: accuracies[index],
      };
    }),
  };
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
  const parsed = JSON.parse(text) as { layer: Record<string, number>; eigen: Record<string, number[]> };
  const names = Object.keys(parsed.layer).sort((a, b) => parsed.layer[a] - parsed.layer[b]);
  if (names.length !== layers) {
    throw new Error(`eigenvalue.conf: expected ${layers} layers as in Net_def.txt, found ${names.length}`);
  }
  return names.map((name) => {
    const singularValues = parsed.eigen[name];
    if (!Array.isArray(singularValues))
      throw new Error(`eigenvalue.conf: expected singular values of ${name}, found none`);
    return { name, singularValues };
  });
}
