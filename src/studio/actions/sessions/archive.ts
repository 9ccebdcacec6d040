import { strFromU8, strToU8, unzipSync, zipSync, type Zippable } from 'fflate';
import * as v from 'valibot';
import { crc32 } from '../../../network/crc32';
import { fail, FailureError } from '../../../network/failure';
import type { Document } from '../../../project/document';
import { readDocument } from '../../../project/documentText';
import { layersViewSchema } from '../../../project/layerOrder';
import { roles, type Role, type SessionRecord } from '../../store/sessionRecord';
import type { NamedFile } from '../sources';
import { digestOf } from './fileStore';
import { parseShallowJson } from '../../../network/shallowJson';
import { listedEntries } from '../../../network/zipDirectory';
import { ownValue } from '../../../network/ownValue';

/** A session with everything that it needs to go on anywhere. */
export interface SessionFile {
  readonly record: Pick<
    SessionRecord,
    'title' | 'savedAt' | 'state' | 'ranks' | 'document' | 'curvesFrom' | 'selectedLayer' | 'layersView'
  >;
  readonly files: Readonly<Partial<Record<Role, readonly NamedFile[]>>>;
}

/** Ending of a session's file. */
export const sessionEnding = '.encstudio';

/** Raise it whenever files written before would be read otherwise. */
const version = 1;
/** Bytes of everything in a session's file: more than this fills the memory of a page. */
const mostBytes = 2 ** 31;
/** Entries of a session's file. */
const mostEntries = 100_000;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const fileList = v.strictObject({
  names: v.array(v.string()),
  digests: v.array(v.string()),
});
const headSchema = v.strictObject({
  format: v.literal('ENC Studio session'),
  version: v.literal(version),
  title: v.string(),
  savedAt: count,
  state: v.string(),
  ranks: v.array(v.number()),
  curvesFrom: v.nullable(v.string()),
  selectedLayer: v.nullable(v.string()),
  layersView: v.exactOptional(layersViewSchema),
  files: v.strictObject({
    network: v.exactOptional(fileList),
    images: v.exactOptional(fileList),
    tuning: v.exactOptional(fileList),
  }),
});

const entryOf = (role: Role, index: number) => `files/${role}/${index}`;

/** A session as one file: a zip archive of what it is about, its document, and the files themselves. */
export async function writeSession({ record, files }: SessionFile): Promise<Uint8Array> {
  const { title, savedAt, state, ranks, curvesFrom, selectedLayer, layersView, document } = record;
  const lists: Partial<Record<Role, v.InferOutput<typeof fileList>>> = {};
  const entries: Zippable = {};
  for (const role of roles) {
    const own = files[role];
    if (!own) continue;
    // Copies in plain memory: digests are not taken of shared memory.
    const copies = own.map(({ bytes }) => bytes.slice());
    const digests = await Promise.all(copies.map(({ buffer }) => digestOf(buffer)));
    lists[role] = { names: own.map(({ name }) => name), digests };
    // Weights and pictures hardly become smaller.
    copies.forEach((bytes, index) => (entries[entryOf(role, index)] = [bytes, { level: 0 }]));
  }
  const head = {
    ...{ format: 'ENC Studio session', version, title, savedAt, state, ranks },
    ...{ curvesFrom, selectedLayer, ...(layersView && { layersView }), files: lists },
  };
  return zipSync({
    'session.json': strToU8(JSON.stringify(head)),
    'document.json': strToU8(document),
    ...entries,
  });
}

/**
 * Reads what {@link writeSession} wrote. Its document is not read yet.
 *
 * @throws FailureError `unreadable-file` where it is no session, is damaged, or is of another version
 */
export async function readSession({ name, bytes }: NamedFile): Promise<SessionFile> {
  const entries = unpacked(name, bytes);
  const text = (entry: string) => strFromU8(entries[entry] ?? missing(name, entry));
  const head = headOf(name, text('session.json'));
  const files: Partial<Record<Role, readonly NamedFile[]>> = {};
  for (const role of roles) {
    const list = head.files[role];
    if (list) files[role] = await filesOf(name, role, list, entries);
  }
  const { title, savedAt, state, ranks, curvesFrom, selectedLayer, layersView } = head;
  const document = text('document.json');
  const view = layersView && { layersView };
  return { record: { title, savedAt, state, ranks, curvesFrom, selectedLayer, ...view, document }, files };
}

/**
 * The document of a session.
 *
 * @throws FailureError `unreadable-file` where it is damaged, or about no network
 */
export function sessionDocument({ title, document }: Pick<SessionRecord, 'title' | 'document'>): Document {
  const read = readDocument(document, title);
  return read.network === null
    ? fail(
        'unreadable-file',
        `${title}: expected a session about a network, found one about none; open another.`,
      )
    : read;
}

function unpacked(name: string, bytes: Uint8Array): Record<string, Uint8Array> {
  let entries = 0;
  let total = 0;
  try {
    // Never more is unpacked of an entry than it says that it holds.
    const files = unzipSync(bytes, {
      filter: ({ originalSize }) => {
        entries++;
        total += originalSize;
        if (entries > mostEntries || total > mostBytes) tooLarge(name);
        return true;
      },
    });
    requireChecksums(name, bytes, files);
    return files;
  } catch (error) {
    if (error instanceof FailureError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    return refuse(name, `expected a session of ENC Studio, found no whole zip archive (${reason})`);
  }
}

/** What unpacks is not whole yet: one number of a document may be another. */
function requireChecksums(name: string, bytes: Uint8Array, entries: Record<string, Uint8Array>): void {
  for (const listed of listedEntries({ name, bytes })) {
    const content = ownValue(entries, listed.name);
    if (!content) refuse(name, `expected ${listed.name} in the session, found none`);
    else if (crc32(content) !== listed.checksum)
      refuse(name, `expected ${listed.name} as it was saved, found other bytes`);
  }
}

function headOf(name: string, text: string): v.InferOutput<typeof headSchema> {
  let given: unknown;
  try {
    given = parseShallowJson(text);
  } catch {
    return refuse(name, 'expected JSON in session.json, found something else');
  }
  const parsed = v.safeParse(headSchema, given, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const [{ path, received }] = parsed.issues;
  const where = path?.map(({ key }) => String(key)).join('.') ?? 'session.json';
  if (where === 'version')
    fail(
      'unreadable-file',
      `${name}: expected a session of version ${version}, found version ${received.slice(0, 20)}; open it with the studio that it was saved by.`,
    );
  return refuse(name, `${where}: expected what a session says there, found ${received.slice(0, 80)}`);
}

async function filesOf(
  name: string,
  role: Role,
  { names, digests }: v.InferOutput<typeof fileList>,
  entries: Record<string, Uint8Array>,
): Promise<readonly NamedFile[]> {
  return Promise.all(
    names.map(async (own, index) => {
      const bytes = entries[entryOf(role, index)] ?? missing(name, own);
      if ((await digestOf(bytes.slice().buffer)) !== digests[index])
        refuse(name, `expected ${own} as it was saved, found other bytes`);
      return { name: own, bytes };
    }),
  );
}

function missing(name: string, entry: string): never {
  return refuse(name, `expected ${entry} in the session, found none`);
}

function tooLarge(name: string): never {
  return refuse(
    name,
    `expected a session of at most ${mostBytes} bytes in ${mostEntries} entries, found more`,
  );
}

function refuse(name: string, problem: string): never {
  return fail('unreadable-file', `${name}: ${problem}; save the session again, or open another file.`);
}
