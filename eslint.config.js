import tseslint from 'typescript-eslint';
import reactHooks from 'eslint-plugin-react-hooks';

/**
 * Import walls (see README, "How to develop"). Each folder has one reason to change, so each lists what it
 * must never reach for.
 */
const outside = {
  tfjs: {
    group: ['@tensorflow/*'],
    message: 'Only src/engine, src/repair, src/distil and src/quantise talk to tfjs.',
  },
  react: {
    group: ['react', 'react-*', 'recharts', 'zustand', 'zustand/*'],
    message: 'React lives in src/studio.',
  },
  comlink: { group: ['comlink'], message: 'Threads are the business of workers/.' },
  node: {
    group: ['node:*', 'fs', 'path', 'os', 'worker_threads'],
    message: 'Node belongs to cli, bench, e2e and scripts.',
  },
};
const folder = (name) => ({ group: [`**/${name}/**`], message: `This folder must not import ${name}.` });
const rule = '@typescript-eslint/no-restricted-imports';
const walls = (files, ...forbidden) => ({
  files,
  ignores: ['**/*.test.ts', '**/*.test.tsx'],
  rules: { [rule]: ['error', { patterns: forbidden }] },
});
const { tfjs, react, comlink, node } = outside;

/** As many arguments as a file has entries are more than a call can have, and run out of stack. */
const spreadArguments = [
  "[callee.object.name='Math'] > SpreadElement",
  "[callee.object.name='String'] > SpreadElement",
  '[callee.property.name=/^(push|unshift|splice|concat)$/] > SpreadElement',
  "[callee.property.name='apply'][callee.object.object.name=/^(Math|String)$/]",
].map((selector) => ({
  selector: `CallExpression${selector}`,
  message: 'A list may be as long as a file: use greatest, least (src/linalg/extremes.ts) or a loop.',
}));

/** A part that comes when it is needed may not come, which is to be said. */
const partsAlone = {
  selector:
    "ImportExpression:not(CallExpression[callee.name='loadPart'] > ArrowFunctionExpression > ImportExpression)",
  message: 'Load it by loadPart (src/network/parts.ts), which says what to do where it does not come.',
};

/** Text from outside is bounded before anybody walks through what it holds; names and texts become no markup. */
const outsideAlone = [
  {
    selector: "CallExpression[callee.object.name='JSON'][callee.property.name='parse']",
    message: 'Use parseShallowJson (src/network/shallowJson.ts): a file may hold lists 100,000 deep.',
  },
  ...[
    "JSXAttribute[name.name='dangerouslySetInnerHTML']",
    'AssignmentExpression[left.property.name=/^(innerHTML|outerHTML)$/]',
    "CallExpression[callee.object.name='document'][callee.property.name=/^write(ln)?$/]",
    'CallExpression[callee.property.name=/^(insertAdjacentHTML|createContextualFragment|parseFromString)$/]',
  ].map((selector) => ({
    selector,
    message: 'Names from files must never become HTML or SVG: let React or textContent write them.',
  })),
];

/** A machine may be as slow as it likes: vitest.config.ts says how long tests wait at the most, for all of them. */
const untimedTests = [
  "CallExpression[callee.object.name='vi'][callee.property.name=/^wait(For|Until)$/]",
  "CallExpression[callee.property.name='poll'] > ObjectExpression > Property[key.name='timeout']",
  'CallExpression[callee.name=/^(it|test|describe)$/] > ObjectExpression > Property[key.name="timeout"]',
].map((selector) => ({
  selector,
  message: 'A unit test has no time limit of its own: wait by expect.poll, and leave its timeout out.',
}));

/** Every object has something called "constructor", and a layer may be called so, too. */
const namesAlone = [
  "MemberExpression[computed=true][property.type='MemberExpression'][property.property.name='name']",
  'MemberExpression[computed=true][object.name=/^(ranks|overrides|limits|factorisations)$/][property.name=/^(name|layer)$/]',
  'MemberExpression[computed=true][object.property.name=/^(ranks|overrides|limits|factorisations)$/][property.name=/^(name|layer)$/]',
  "MemberExpression[computed=true][object.object.name='recipe'][object.property.name='layers']",
].map((selector) => ({
  selector,
  message:
    'Look it up by ownValue (src/network/ownValue.ts): a layer may be called like a member of every object.',
}));
namesAlone.push({
  selector: "CallExpression[callee.object.name='v'][callee.property.name='record']",
  message:
    'Use recordOf (src/project/schemas.ts): the library leaves out what is called like a member of every object.',
});

/** Whatever ends a command must leave the old file or the whole new one. */
const writingAlone = {
  selector:
    'ImportDeclaration[source.value=/^(node:)?fs/] ImportSpecifier[imported.name=/^(writeFile|appendFile|createWriteStream|open|rename|copyFile|mkdir|truncate)(Sync)?$/]',
  message: 'Write by writeWhole, writeTogether or makeFolder (cli/writing.ts).',
};

/** Nothing may leave the machine, whatever a test is about. */
const watchedTest = {
  name: '@playwright/test',
  importNames: ['test'],
  message: 'Take it from e2e/test.ts, which fails where anything is asked of another origin.',
};

/** The folders of src and those beside it, from the ground up; what a folder lists it must not import. */
const above = {
  network: [
    'answers',
    'enc',
    'compression',
    'formats',
    'engine',
    'repair',
    'distil',
    'quantise',
    'project',
    'studio',
  ],
  answers: ['enc', 'compression', 'formats', 'engine', 'repair', 'distil', 'quantise', 'project', 'studio'],
  enc: ['compression', 'formats', 'engine', 'repair', 'distil', 'quantise', 'project', 'studio'],
  compression: ['formats', 'engine', 'repair', 'distil', 'quantise', 'project', 'studio'],
  formats: ['answers', 'enc', 'compression', 'engine', 'repair', 'distil', 'quantise', 'project', 'studio'],
  engine: ['formats', 'repair', 'distil', 'quantise', 'project', 'studio'],
  repair: ['formats', 'distil', 'quantise', 'project', 'studio'],
  distil: ['formats', 'quantise', 'project', 'studio'],
  quantise: ['formats', 'project', 'studio'],
  project: ['formats', 'engine', 'repair', 'distil', 'quantise', 'studio'],
};
const upward = (name) => [...above[name], 'cli'].map(folder);
/** Numbers in and out, in any thread. */
const pure = [tfjs, react, comlink, node];
const threads = folder('workers');
/** Project speaks the threads' protocol and knows them by their types. */
const protocolAlone = {
  regex: '/workers/(?!protocol/)',
  allowTypeImports: true,
  message: 'Only the protocol of the workers, and types, may be imported here.',
};
/** Names of a page or a worker that code without either must not touch. */
const surroundings = [
  ...['window', 'document', 'navigator', 'location', 'history', 'self', 'postMessage'],
  ...['localStorage', 'sessionStorage', 'indexedDB', 'caches'],
];

/** What no room of the page imports. */
const page = [
  tfjs,
  node,
  comlink,
  ...[
    'engine',
    'distil',
    'quantise',
    'formats',
    'cli',
    'workers/service',
    'workers/pool',
    'workers/jobs',
  ].map(folder),
  // A feature of the page may be called repair, too.
  { regex: '^(\\.\\./){2,}repair/', message: 'This folder must not import repair.' },
  {
    regex: '/workers/runs/',
    allowTypeImports: true,
    message: 'What runs in a thread is known here by its types.',
  },
];
const view = ['ui', 'words', 'charts', 'context', 'features', 'App', 'panels'];
/** The rooms of the page from the ground up: what each must not know, and why. */
const rooms = {
  browser: {
    not: ['model', 'store', 'actions', ...view],
    why: 'browser holds what is asked of the browser, whatever for.',
  },
  ui: {
    not: ['words', 'charts', 'model', 'store', 'actions', 'context', 'features', 'App', 'panels'],
    why: 'ui holds controls that would serve another product as well.',
  },
  words: {
    not: ['charts', 'model', 'store', 'actions', 'context', 'features', 'App', 'panels'],
    why: 'words holds what the page’s words mean, wherever they stand.',
  },
  charts: {
    not: ['model', 'store', 'actions', 'context', 'features', 'App', 'panels'],
    why: 'charts draws what it is given, wherever that comes from.',
  },
  model: {
    not: ['store', 'actions', ...view],
    why: 'model holds the rules that the state is made of, free of any state.',
  },
  store: { not: ['actions', ...view], why: 'store holds the state, whoever changes or shows it.' },
  actions: { not: view, why: 'actions change the state, whatever shows it.' },
  context: {
    not: ['features', 'App', 'panels'],
    why: 'context ties components to the state, whichever they are.',
  },
  features: { not: ['App', 'panels'], why: 'A feature works wherever the page lays it out.' },
};
const roomWalls = Object.entries(rooms).map(([name, { not, why }]) =>
  walls([`src/studio/${name}/**`], ...page, {
    group: not.flatMap((other) => [`**/${other}`, `**/${other}/**`]),
    message: why,
  }),
);

export default tseslint.config(
  {
    ignores: [
      'dist',
      '.cache',
      'node_modules',
      '**/node_modules',
      'public',
      'playwright-report',
      'test-results',
    ],
  },
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      // A default would take in whatever joins a union later.
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: false },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      // Index access on typed arrays inside numeric loops is checked by the loop bounds.
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-restricted-syntax': ['error', ...spreadArguments],
      eqeqeq: 'error',
      'prefer-const': 'error',
      'no-console': 'error',
      'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['src/**', 'workers/**'],
    rules: {
      'no-restricted-syntax': ['error', ...spreadArguments, partsAlone, ...outsideAlone, ...namesAlone],
    },
  },
  {
    files: ['src/network/shallowJson.ts', 'src/**/testing/**'],
    rules: { 'no-restricted-syntax': ['error', ...spreadArguments, partsAlone] },
  },
  {
    files: ['cli/**/*.ts'],
    ignores: ['cli/writing.ts', 'cli/toys/**', 'cli/test*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...spreadArguments, writingAlone, ...namesAlone] },
  },
  {
    files: ['cli/**', 'bench/**', 'scripts/**', 'samples/**', 'e2e/**', '**/*.test.ts'],
    rules: { 'no-console': 'off', 'max-lines': 'off' },
  },
  {
    files: ['bench/**', 'scripts/**', 'samples/**', 'e2e/**', '**/*.test.ts', '**/*.test.tsx'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['**/*.test.ts', '**/*.test.tsx'],
    rules: { 'no-restricted-syntax': ['error', ...untimedTests] },
  },
  {
    files: ['e2e/**/*.ts'],
    ignores: ['e2e/test.ts'],
    rules: { [rule]: ['error', { paths: [watchedTest] }] },
  },
  {
    files: ['src/studio/**'],
    plugins: { 'react-hooks': reactHooks },
    rules: reactHooks.configs.recommended.rules,
  },
  walls(['src/linalg/**'], tfjs, react, comlink, node, {
    group: ['../*'],
    message: 'linalg imports nothing.',
  }),
  walls(['src/network/**'], ...pure, ...upward('network'), threads),
  walls(['src/answers/**'], ...pure, ...upward('answers'), threads),
  walls(['src/enc/**'], ...pure, ...upward('enc'), threads),
  walls(['src/compression/**'], ...pure, ...upward('compression'), threads),
  walls(['src/formats/**'], ...pure, ...upward('formats'), threads),
  walls(['src/engine/**'], react, comlink, node, ...upward('engine'), threads),
  walls(['src/repair/**'], react, comlink, node, ...upward('repair'), threads),
  walls(['src/distil/**'], react, comlink, node, ...upward('distil'), threads),
  walls(['src/quantise/**'], react, comlink, node, ...upward('quantise'), threads),
  walls(['src/project/**'], ...pure, ...upward('project'), protocolAlone),
  {
    files: ['linalg', 'network', 'answers', 'enc', 'compression', 'formats', 'project'].map(
      (name) => `src/${name}/**`,
    ),
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-globals': ['error', ...surroundings] },
  },
  walls(
    ['src/repair/regression/**'],
    tfjs,
    react,
    comlink,
    node,
    ...['answers', 'enc', 'compression', 'engine'].map(folder),
    ...upward('repair'),
    threads,
    { regex: '^\\.\\./(?!\\.\\./)', message: 'The mathematics of repair stands without the rest of it.' },
  ),
  walls(['workers/**'], tfjs, react, node, ...['project', 'studio', 'cli'].map(folder)),
  walls(
    ['workers/runs/**', 'workers/jobs/**'],
    tfjs,
    react,
    node,
    ...['project', 'studio', 'cli'].map(folder),
    {
      group: ['images', 'sorting', 'zip', 'gzip', 'pictures/**'].map((name) => `**/formats/${name}`),
      message: 'Files are read in parse threads, which have limits of time and memory and are thrown away.',
    },
  ),
  walls(['src/studio/**'], ...page),
  ...roomWalls,
  walls(['cli/**'], tfjs, react, folder('studio')),
);
