import type { ListedRefusal } from './list';

/** Sentences about work that a person has ended: there is nothing to do. */
const ended = /^(Cancelled|The (timing|step) was cancelled|The files were read|The studio was closed)\.$/;

/** What a sentence leaves out; empty where it says what was expected, what was found, where, and what to do. */
export function missingParts({ example, template, kind }: ListedRefusal): readonly string[] {
  const sentence = example ?? template;
  // Reasons come behind a layer's name, and its entry in the layers' list says what is done with it.
  // What another place says is judged there.
  const isHandedOn = example === null && template.endsWith(': …');
  if (kind === 'reason' || isHandedOn || ended.test(sentence)) return [];
  const parts: readonly (readonly [string, RegExp])[] = [
    [
      'what was expected or allowed',
      /expect|reads|discarded|most|least|needs?\b|\bonly\b|cannot|could not|no longer|lost|stopped|because|not known|memory|there is no/i,
    ],
    [
      'what was found',
      /found|\bbut\b|\bis\b|\bare\b|\bwas\b|\bhas\b|cannot|could not|not known|holds|look at|gives|lost|stopped|memory/i,
    ],
    ['what to do', /[;.?] +\S/],
  ];
  return parts.filter(([, pattern]) => !pattern.test(sentence)).map(([what]) => what);
}
