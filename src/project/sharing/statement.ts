import * as v from 'valibot';
import { arithmeticVersion } from '../../enc/sweep/arithmetic';
import { canonicalKey } from '../../network/canonical';
import { fail } from '../../network/failure';
import { parseShallowJson } from '../../network/shallowJson';

/** Something that a statement is about, as its bytes identify it, and what a person calls it. */
export interface Named {
  readonly fingerprint: string;
  readonly name: string;
}

/**
 * What many machines work at together, as each of them writes it beside what it has found. Two that say the same have
 * the same name, so whoever writes it last changes nothing.
 */
export interface Statement<About> {
  readonly network: Named;
  /** The images that it looks at. */
  readonly images: Named & { readonly count: number };
  /** Everything else that decides its units and what is made of them. */
  readonly about: About;
  /** The words of the command that does what is left of it, without the shard and the folder; null from a page. */
  readonly command: readonly string[] | null;
}

/** A kind of work that can be shared. */
export interface StatementKind<About> {
  /** Also the first word of its files' names. */
  readonly id: string;
  readonly about: v.GenericSchema<unknown, About>;
}

const named = { fingerprint: v.string(), name: v.string() };

/** Names what a statement says, but for names and commands. */
export function statementKey<About>({ id }: StatementKind<About>, statement: Statement<About>): string {
  const { network, images, about } = statement;
  const fingerprints = [network.fingerprint, images.fingerprint, images.count];
  return canonicalKey([id, arithmeticVersion, ...fingerprints, about]);
}

export function statementFileName<About>(kind: StatementKind<About>, statement: Statement<About>): string {
  return `${kind.id}-${statementKey(kind, statement)}.json`;
}

/** The kind of work that a file's name promises a statement of; null where it is no statement's name. */
export function kindOfFileName(name: string): string | null {
  return /^([a-z]+)-[0-9a-f]{32}\.json$/.exec(name)?.[1] ?? null;
}

export function statementText<About>(kind: StatementKind<About>, statement: Statement<About>): string {
  return `${JSON.stringify({ statement: kind.id, arithmetic: arithmeticVersion, ...statement })}\n`;
}

/**
 * @param path for the sentence
 * @throws FailureError `unreadable-file` where it is none of that kind, or of another version
 */
export function readStatement<About>(
  kind: StatementKind<About>,
  text: string,
  path: string,
): Statement<About> {
  const schema = v.strictObject({
    statement: v.literal(kind.id),
    arithmetic: v.number(),
    network: v.strictObject(named),
    images: v.strictObject({ ...named, count: v.number() }),
    about: kind.about,
    command: v.nullable(v.array(v.string())),
  });
  let json: unknown = null;
  try {
    json = parseShallowJson(text);
  } catch {
    // Told below, like every other text that is none.
  }
  const read = v.safeParse(schema, json, { abortEarly: true });
  if (!read.success) {
    const where = read.issues[0].path?.map(({ key }) => String(key)).join('.') ?? 'the file';
    return fail(
      'unreadable-file',
      `${path}: expected what enc ${kind.id} writes of its work, found something else at ${where}; delete it and run the command again.`,
    );
  }
  const { arithmetic, network, images, about, command } = read.output;
  if (arithmetic !== arithmeticVersion)
    return fail(
      'unreadable-file',
      `${path}: expected results of version ${arithmeticVersion} of the arithmetic, found version ${arithmetic}; run the work again into another folder.`,
    );
  return { network, images, about, command };
}
