import { fail } from '../../../network/failure';
import { readManifest, sampleNamed, type SampleFile, type SampleManifest } from './manifest';

/** Address of a file of the samples, on the studio's own server. */
export function sampleAddress(file: string): string {
  return `${import.meta.env.BASE_URL}samples/${file}`;
}

/**
 * Fetches the list of the samples.
 *
 * @throws FailureError 'unreadable-file' where it is missing or malformed
 */
export async function loadManifest(signal?: AbortSignal): Promise<SampleManifest> {
  const response = await fetched('manifest.json', signal);
  // Servers of single pages answer every unknown address with the page itself.
  if (response.headers.get('Content-Type')?.includes('html')) missing('manifest.json');
  return readManifest(await response.text());
}

/** The file of a sample's network. */
export async function loadNetworkFile(
  manifest: SampleManifest,
  sample: string,
  signal?: AbortSignal,
): Promise<File> {
  return loadFile(sampleNamed(manifest, sample), signal);
}

/** The images that samples are judged on, with a file that names their classes. */
export async function loadValidationFiles(manifest: SampleManifest, signal?: AbortSignal): Promise<File[]> {
  return [await loadFile(manifest.imageSets.validation, signal), classesFile(manifest)];
}

/**
 * The images that ranks may be chosen and layers repaired on, with a file that names their classes; none of them
 * is a validation image. All samples share them.
 */
export async function loadCalibrationFiles(sample: string, signal?: AbortSignal): Promise<File[]> {
  const manifest = await loadManifest(signal);
  sampleNamed(manifest, sample);
  return [await loadFile(manifest.imageSets.calibration, signal), classesFile(manifest)];
}

async function loadFile({ file, bytes }: SampleFile, signal?: AbortSignal): Promise<File> {
  const response = await fetched(file, signal);
  const content = await response.blob();
  // A server that declares a .gz file as encoded has the browser unpack it: its size says nothing then.
  const isAsStored = response.headers.get('Content-Encoding') === null;
  if (isAsStored && content.size !== bytes) {
    fail(
      'unreadable-file',
      `samples/${file}: expected ${bytes} bytes, found ${content.size}; load the page again.`,
    );
  }
  return new File([content], file);
}

async function fetched(file: string, signal?: AbortSignal): Promise<Response> {
  const response = await fetch(sampleAddress(file), { signal: signal ?? null }).catch((error: unknown) => {
    signal?.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    return fail('unreadable-file', `samples/${file} could not be loaded (${reason}); reload the page.`);
  });
  return response.ok ? response : missing(file);
}

function missing(file: string): never {
  return fail(
    'unreadable-file',
    `samples/${file}: expected it in this copy of the studio, found none; open a network of your own instead.`,
  );
}

function classesFile({ classNames }: SampleManifest): File {
  return new File([classNames.join('\n')], 'classes.txt');
}
