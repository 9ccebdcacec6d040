import { transfer } from 'comlink';
import type { NamedFile } from '../../src/formats/file';
import { openImageFiles, type CodecSource } from '../../src/formats/images';
import { readNetwork } from '../../src/formats/models';
import { operatorTable, type OperatorTable } from '../../src/formats/models/operatorTable';
import { sortFiles, type SortedFiles } from '../../src/formats/sorting';
import { withoutUncomputable } from '../../src/network/computable';
import { outcomeOf, type Outcome } from '../../src/network/failure';
import type { Network } from '../../src/network/graph';
import type { ImageSet } from '../../src/network/images';
import type { Reading } from '../../src/network/reading';
import { assertComputable } from '../../src/network/validate';
import { moved } from '../pool/moved';
import type { Parser } from '../pool/parsing';
import type { ParsedImages, ParsedNetwork, ParseService, ReadOptions, Wanted } from '../protocol/parse';
import { summariseImages, summariseNetwork } from './summaries';

/** The parsers in the thread that they are made in. */
export class InThreadParser implements ParseService {
  /** @param codecs where the decoders of pictures come from */
  constructor(private readonly codecs: CodecSource) {}

  ready(): Promise<null> {
    return Promise.resolve(null);
  }

  sortFiles(files: readonly NamedFile[]): Promise<Outcome<SortedFiles>> {
    return outcomeOf(() => sortFiles(files));
  }

  operatorTable(): Promise<Outcome<OperatorTable>> {
    return outcomeOf(() => operatorTable());
  }

  readNetwork(files: readonly NamedFile[], options: ReadOptions): Promise<Outcome<Network>> {
    return outcomeOf(() => readNetwork(files, options));
  }

  async parseNetwork(files: readonly NamedFile[], options: ReadOptions): Promise<Outcome<ParsedNetwork>> {
    const outcome = await outcomeOf(async () => {
      const { network, outputsLeftOut } = withoutUncomputable(await readNetwork(files, options));
      assertComputable(network);
      return { network, summary: { ...summariseNetwork(network, files), outputsLeftOut } };
    });
    // Nothing here looks at it again, so its weights may leave without a copy.
    return outcome.ok ? moved(outcome) : outcome;
  }

  async parseImages(
    files: readonly NamedFile[],
    wanted: Wanted | null,
    reading: Reading,
  ): Promise<Outcome<ParsedImages>> {
    const outcome = await outcomeOf(async () => {
      const read = await openImageFiles(files, this.codecs, wanted ?? undefined, reading);
      const images = { ...read, pixels: ownPixels(read) };
      // What the labels could mean goes with the summary, under a name for each.
      return { images: { ...images, labelChoices: null }, summary: summariseImages(images) };
    });
    // The parser is thrown away, so its pixels may leave it without a copy.
    return outcome.ok ? transfer(outcome, [outcome.value.images.pixels.buffer]) : outcome;
  }
}

/** The pixels in a buffer of their own: as part of a file's they would take the whole file along to every thread. */
function ownPixels({ pixels }: ImageSet): ImageSet['pixels'] & { readonly buffer: ArrayBuffer } {
  const { buffer, byteLength } = pixels;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength)
    return pixels as ReturnType<typeof ownPixels>;
  return pixels.slice();
}

/** A parser without a thread of its own, for tests. */
export function inThreadParser(codecs: CodecSource): Parser {
  return { service: new InThreadParser(codecs), close: () => undefined };
}
