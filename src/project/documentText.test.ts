import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recipeKey } from '../compression/recipe';
import { FailureError } from '../network/failure';
import { settingList } from './settings';
import { emptyDocument, type Document } from './document';
import { documentText, readDocument } from './documentText';
import { anyDocument } from './testing/documents';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** The whole sentence of a refusal: the file, the place, what was expected there, what was found; on one line. */
const sentence =
  /^a file: .+: expected \S.*, found \S.*\. It is no project of ENC Studio, or it is damaged; open another\.$/;

/** What reading gives: a document, or the refusal's message; anything but a well-formed refusal fails the test. */
function reading(text: string): Document | string {
  try {
    return readDocument(text, 'a file');
  } catch (error) {
    expect(error).toBeInstanceOf(FailureError);
    const { code, message } = error as FailureError;
    expect(code).toBe('unreadable-file');
    expect(message).toMatch(sentence);
    expect(message.length).toBeLessThan(500);
    expect(message).not.toMatch(/expected expected|Invalid|undefined/);
    return message;
  }
}

const jsonOf = (document: Document) => JSON.parse(documentText(document)) as { [name: string]: Json };
const textOf = (value: unknown) => JSON.stringify(value);

/** Every place within plain data, the whole itself first. */
function placesOf(value: Json, path: readonly string[] = []): (readonly string[])[] {
  const within = value !== null && typeof value === 'object' ? Object.entries(value) : [];
  return [path, ...within.flatMap(([name, part]) => placesOf(part, [...path, name]))];
}

function at(value: Json, [name, ...rest]: readonly string[]): Json {
  if (name === undefined) return value;
  return at(Object.getOwnPropertyDescriptor(value, name)!.value as Json, rest);
}

/** The same data with another part at one place. */
function changed(value: Json, [name, ...rest]: readonly string[], part: (former: Json) => Json): Json {
  if (name === undefined) return part(value);
  const entries = Object.entries(value as object).map(([own, former]): [string, Json] => [
    own,
    own === name ? changed(former as Json, rest, part) : (former as Json),
  ]);
  return Array.isArray(value) ? entries.map(([, own]) => own) : Object.fromEntries(entries);
}

/** A document as JSON, and a place within it. */
const documentAndPlace = anyDocument.chain((document) => {
  const json = jsonOf(document);
  return fc.record({
    document: fc.constant(document),
    json: fc.constant(json),
    path: fc.constantFrom(...placesOf(json)),
  });
});

/** A document that was read must say what its text says, to the last member. */
function expectSaid(read: Document | string, json: Json): void {
  if (typeof read === 'string') return;
  expect(jsonOf(read)).toEqual(json);
  expect(reading(documentText(read))).toEqual(read);
}

describe('a document', () => {
  it('survives writing and reading, whatever it holds', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        expect(readDocument(documentText(document), 'x')).toEqual(document);
      }),
      { numRuns: 300 },
    );
  });
  it('survives when it is empty, and when it is very large', () => {
    expect(readDocument(documentText(emptyDocument), 'x')).toEqual(emptyDocument);
    const answers = Array.from({ length: 300_000 }, (_, index) => index % 1000);
    const recipe = { network: 'n', layers: {}, steps: [] };
    const key = recipeKey(recipe);
    const one = { recipe: key, achieved: 1, count: answers.length, top1: 5, top5: 9, answers, methods: [] };
    const all = Array.from({ length: 5 }, (_, index) => [`${key}@${index}`, { ...one, images: `${index}` }]);
    const large: Document = {
      ...emptyDocument,
      recipes: { [key]: recipe },
      measurements: Object.fromEntries(all) as Document['measurements'],
    };
    expect(readDocument(documentText(large), 'x')).toEqual(large);
    const broken = documentText(large).replaceAll('999', '"x"');
    expect(reading(broken)).toContain('.answers.999: expected number, found "x"');
  });
  it('keeps layers that are called like members of every object', () => {
    const layers = Object.fromEntries(
      ['__proto__', 'constructor', 'prototype', 'toString'].map((name) => [name, true]),
    );
    const settings = { ...emptyDocument.settings, overrides: layers };
    const read = readDocument(documentText({ ...emptyDocument, settings }), 'x');
    expect(Object.entries(read.settings.overrides)).toEqual(Object.entries(layers));
    expect(Object.getPrototypeOf(read.settings.overrides)).toBe(Object.prototype);
  });
  it('keeps numbers that a broken network gave', () => {
    const note = {
      isRepaired: false,
      divergence: { truncated: NaN, repaired: Infinity },
      calibrationImages: 3,
    };
    const document: Document = { ...emptyDocument, repairs: { key: note } };
    expect(readDocument(documentText(document), 'x')).toEqual(document);
  });
});

describe('a damaged document', () => {
  it('is refused where it was cut off', () => {
    fc.assert(
      fc.property(
        anyDocument,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (document, part) => {
          const text = documentText(document);
          // Without the line's end it still says everything.
          const cut = text.slice(0, Math.floor(part * (text.length - 1)));
          expect(typeof reading(cut)).toBe('string');
        },
      ),
      { numRuns: 300 },
    );
  });
  it('is never read as something else where a value is of another type', () => {
    const others: Json[] = [
      null,
      true,
      0.5,
      -1,
      'text',
      '',
      [],
      {},
      [null],
      [1, 2],
      { a: 1 },
      { kind: 'all' },
    ];
    fc.assert(
      fc.property(documentAndPlace, fc.constantFrom(...others), ({ json, path }, other) => {
        const damaged = changed(json, path, () => other);
        expectSaid(reading(textOf(damaged)), damaged);
      }),
      { numRuns: 800 },
    );
  });
  it('is refused where what must be there is missing or of another type', () => {
    for (const name of Object.keys(emptyDocument)) {
      const { [name]: former, ...rest } = jsonOf(emptyDocument);
      // Documents from before labels could be read in several orders say nothing of them.
      if (['orders', 'lossless', 'byBytes', 'history', 'distillations'].includes(name))
        expect(reading(textOf(rest))).toEqual(emptyDocument);
      else expect(reading(textOf(rest)), name).toContain(`a file: ${name}: expected`);
      const wrong = Array.isArray(former) ? {} : [];
      expect(reading(textOf({ ...rest, [name]: wrong })), name).toContain(`a file: ${name}`);
    }
    for (const [name, { isLater }] of settingList) {
      const json = jsonOf(emptyDocument);
      const rest = Object.fromEntries(
        Object.entries(json.settings as object).filter(([own]) => own !== name),
      );
      const read = reading(textOf({ ...json, settings: rest }));
      if (isLater) expect(read, name).toEqual(emptyDocument);
      else expect(read, name).toContain(`settings.${name}: expected`);
    }
  });
  it('is refused where a number of a measured recipe is another', () => {
    const isNumberOfRecipe = (json: Json) => (path: readonly string[]) =>
      path[0] === 'recipes' && typeof at(json, path) === 'number' && counts(json, path);
    const damage = anyDocument.map(jsonOf).chain((json) => {
      const paths = placesOf(json).filter(isNumberOfRecipe(json));
      return paths.length === 0
        ? fc.constant(null)
        : fc.record({ json: fc.constant(json), path: fc.constantFrom(...paths) });
    });
    fc.assert(
      fc.property(damage, fc.constantFrom(1, 2, -1, 0.5, 1e9), (given, by) => {
        fc.pre(given !== null);
        const { json, path } = given!;
        const damaged = changed(json, path, (former) => (former as number) + by);
        fc.pre(at(damaged, path) !== at(json, path));
        expect(reading(textOf(damaged))).toContain('a file: recipes.');
      }),
      { numRuns: 400 },
    );
  });
  it('is refused where a recipe or a measurement stands under another name', () => {
    fc.assert(
      fc.property(
        anyDocument,
        fc.constantFrom('recipes', 'measurements'),
        fc.string(),
        (document, part, name) => {
          const json = jsonOf(document);
          const [first, ...rest] = Object.entries(json[part] as object);
          fc.pre(first !== undefined && !Object.hasOwn(json[part] as object, name));
          const renamed = Object.fromEntries([...rest, [name, first![1]]]);
          expect(reading(textOf({ ...json, [part]: renamed }))).toContain(`a file: ${part}.`);
        },
      ),
    );
  });
  it('is refused where a measurement is of a recipe that is not there', () => {
    const recipe = { network: 'n', layers: {}, steps: [] };
    const one = { recipe: recipeKey(recipe), images: 'i', achieved: 1, count: 0, top1: null, top5: null };
    const measurement = { ...one, answers: [], methods: [] };
    const measurements = { [`${one.recipe}@i`]: measurement };
    expect(reading(documentText({ ...emptyDocument, measurements }))).toContain(
      'expected one of the recipes',
    );
    const recipes = { [one.recipe]: recipe };
    expect(typeof reading(documentText({ ...emptyDocument, measurements, recipes }))).toBe('object');
  });
  it.each([
    ['version', (json) => ({ ...json, version: 2 }), 'version: expected 1, found 2'],
    ['method', setting('method', 'best'), 'settings.method: expected the name of a method, found "best"'],
    ['metric', setting('metric', 'best'), 'settings.metric: expected the name of a metric, found "best"'],
    [
      'side',
      setting('pair', ['map', 'best']),
      'settings.pair.1: expected the name of a method, or "saved", found "best"',
    ],
    ['seed', setting('seed', 1.5), 'settings.seed: expected a whole number, found 1.5'],
    ['target', setting('target', 7), 'settings.target: expected <=1, found 7'],
    ['list', setting('overrides', []), 'settings.overrides: expected an object, found a list'],
    ['uses', (json) => ({ ...json, uses: [] }), 'uses: expected an object, found a list'],
    ['member', (json) => ({ ...json, more: 1 }), 'more: expected no such member, found "more"'],
    [
      'lines',
      setting('target', `a\n${'b'.repeat(9999)}`),
      /settings\.target: expected number, found "a b{10,100}…/,
    ],
    [
      'step',
      steps((step) => ({ ...step, kind: 'sharpen' })),
      '.steps.0.kind: expected a kind of step, found "sharpen"',
    ],
    [
      'setting',
      steps((step) => ({ ...step, settings: { by: 1 } })),
      '.steps.0: expected the settings of its kind',
    ],
    [
      'draw',
      steps((step) => ({ ...step, images: { images: '', draw: { kind: 'some' } } })),
      '.steps.0.images.draw.kind: expected',
    ],
  ] as [string, (json: { [name: string]: Json }) => Json, string | RegExp][])(
    'says which %s is not known, and where',
    (_, damage, said) => {
      expect(reading(textOf(damage(jsonOf(emptyDocument))))).toMatch(said);
    },
  );
  it('with members that nobody knows is read as what the others say, or refused', () => {
    const name = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString', 'among'));
    fc.assert(
      fc.property(documentAndPlace, name, fc.jsonValue(), ({ document, json, path }, extra, value) => {
        const former = at(json, path);
        fc.pre(former !== null && typeof former === 'object' && !Array.isArray(former));
        fc.pre(!Object.hasOwn(former as object, extra));
        const damaged = changed(json, path, (own) =>
          Object.fromEntries([...Object.entries(own as object), [extra, value as Json]]),
        );
        const read = reading(textOf(damaged));
        if (typeof read === 'string' || isOpen(path, extra)) return;
        expect(read).toEqual(document);
      }),
      { numRuns: 400 },
    );
  });
  it('of any other JSON or text is refused', () => {
    fc.assert(fc.property(fc.json(), (text) => typeof reading(text) === 'string'));
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof reading(text) === 'string'));
    const long = [
      'x'.repeat(1e6),
      '['.repeat(1e6),
      '{"a":'.repeat(1e6),
      `${'['.repeat(1e5)}${']'.repeat(1e5)}`,
    ];
    for (const text of ['', ' ', '\n', '{\n"a": \n}', ...long]) expect(typeof reading(text)).toBe('string');
  });
});

/** Whether a place of a recipe is part of what its key names: nothing is done to a network of which nothing is cut. */
function counts(json: Json, [, key, part]: readonly string[]): boolean {
  const { layers } = at(json, ['recipes', key!]) as { layers: Record<string, { kind: string }> };
  return part === 'layers' || Object.values(layers).some(({ kind }) => kind !== 'whole');
}

/** Whether a place takes members of any name, so that one more says something. */
function isOpen(path: readonly string[], extra: string): boolean {
  const place = path.join('.');
  const isDraw = path.at(-1) === 'draw' && extra === 'among';
  return (
    isDraw ||
    // A plan in the history keeps the settings that it was made under.
    /^(settings|history\..*\.asked)\.(overrides|limits|factorisations)$/s.test(place) ||
    /^(points|repairs|saved\.costs|saved\.recipe\.layers)$/.test(place)
  );
}

function setting(name: string, value: Json) {
  return (json: { [name: string]: Json }): Json => ({
    ...json,
    settings: { ...(json.settings as object), [name]: value },
  });
}

/** A recipe with one step, damaged. */
function steps(damage: (step: Record<string, Json>) => Json) {
  const preprocessing = { channels: 'rgb', mean: [0], scale: [1] };
  const step = {
    kind: 'repair',
    images: { images: 'i', draw: { kind: 'all' }, preprocessing },
    settings: {},
    seed: 1,
  };
  return (json: { [name: string]: Json }): Json => ({
    ...json,
    recipes: { a: { network: 'n', layers: {}, steps: [damage(step)] } },
  });
}
