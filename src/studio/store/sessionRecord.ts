import * as v from 'valibot';
import { documentText, readDocument } from '../../project/documentText';
import type { LayersView } from '../../project/layerOrder';
import { settingsSchema, type Settings } from '../../project/settings';
import type { ProjectState } from '../../project/state';

/** What files a session is about, by what they serve for. */
export const roles = ['network', 'images', 'tuning'] as const;
export type Role = (typeof roles)[number];

/** Where the files of one role come from. */
export type SourceRecord =
  | {
      readonly kind: 'sample';
      /** Of the sample whose network it is, or whose images belong to it. */
      readonly name: string;
    }
  | {
      readonly kind: 'files';
      readonly names: readonly string[];
      /** Of the bytes that this browser keeps; null where it keeps none. */
      readonly kept: KeptFiles | null;
    };

/** Files that are kept one behind the other, as one. */
export interface KeptFiles {
  /** SHA-256 of all bytes, in hexadecimal digits: names them. */
  readonly digest: string;
  /** Of each file, in bytes. */
  readonly sizes: readonly number[];
}

export type Sources = Readonly<Partial<Record<Role, SourceRecord>>>;

/** What a list shows of a session. */
export interface Glance {
  readonly id: string;
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  /** "ENC-Map at 50 %: 93.2 %". */
  readonly state: string;
  /** Ranks of the chosen plan as shares of the largest ones, in the network's order: a small picture. */
  readonly ranks: readonly number[];
  readonly sources: Sources;
}

/** A session as it is kept. */
export interface SessionRecord extends Glance {
  /** The document as text. */
  readonly document: string;
  readonly curvesFrom: string | null;
  readonly selectedLayer: string | null;
  /** Absent in sessions that were kept before layers could be put in order. */
  readonly layersView?: LayersView;
  readonly paused: ProjectState['paused'];
  /** What holds on this machine only, such as times. */
  readonly results: ProjectState['results'];
}

/** What a tab remembers of its session. */
export interface TabNote {
  readonly id: string;
  readonly address: string;
  /** Settings that the page was left with, which the browser's disk need not have; absent where it has them. */
  readonly left?: { readonly settings: unknown; readonly at: number };
}

/**
 * A record with the settings that its page was left with, where these are later. A page that is left can write to the
 * disk no longer: what it begins then may be undone.
 */
export function withSettingsLeft(record: SessionRecord, { left }: TabNote): SessionRecord {
  const settings = left && left.at >= record.savedAt ? v.safeParse(settingsSchema, left.settings) : null;
  if (!settings?.success) return record;
  const document = readDocument(record.document, record.title);
  return { ...record, document: documentText({ ...document, settings: settings.output as Settings }) };
}

/**
 * Whether a page that begins goes on with the tab's session: it was loaded again, or come back to, or nobody asked for
 * anything else.
 *
 * @param navigation as the browser tells: "navigate", "reload", "back_forward"
 */
export function goesOn(note: TabNote | null, navigation: string, address: string): note is TabNote {
  return note !== null && (navigation !== 'navigate' || note.address === address);
}
