import tseslint from 'typescript-eslint';
import reactHooks from 'eslint-plugin-react-hooks';

/**
 * Import walls (see README, "How to develop"). Each folder has one reason to change, so each lists what it
 * must never reach for.
 */
const outside = {
  tfjs: { group: ['@tensorflow/*'], message: 'Only src/engine and src/repair talk to tfjs.' },
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
const walls = (files, ...forbidden) => ({
  files,
  ignores: ['**/*.test.ts', '**/*.test.tsx'],
  rules: { 'no-restricted-imports': ['error', { patterns: forbidden }] },
});
const { tfjs, react, comlink, node } = outside;

/** What no room of the page imports. */
const page = [
  tfjs,
  node,
  comlink,
  ...['engine', 'formats', 'cli', 'workers/service', 'workers/pool'].map(folder),
];
const view = ['ui', 'charts', 'context', 'features', 'App', 'panels'];
/** The rooms of the page from the ground up: what each must not know, and why. */
const rooms = {
  format: {
    not: ['model', 'store', 'actions', ...view],
    why: 'format writes numbers as text, for whoever has them.',
  },
  ui: {
    not: ['charts', 'model', 'store', 'actions', 'context', 'features', 'App', 'panels'],
    why: 'ui holds controls that would serve another product as well.',
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
    languageOptions: {
      parserOptions: {
        projectService: {
          allowDefaultProject: ['eslint.config.js', '.dependency-cruiser.js', 'scripts/*.mjs', 'cli/*.mjs'],
        },
      },
    },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
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
      eqeqeq: 'error',
      'prefer-const': 'error',
      'no-console': 'error',
      'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['cli/**', 'bench/**', 'scripts/**', 'samples/**', 'e2e/**', '**/*.test.ts'],
    rules: { 'no-console': 'off', 'max-lines': 'off' },
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
  walls(
    ['src/network/**'],
    tfjs,
    react,
    comlink,
    node,
    ...['answers', 'enc', 'formats', 'engine', 'repair', 'studio', 'workers', 'cli'].map(folder),
  ),
  walls(
    ['src/answers/**'],
    tfjs,
    react,
    comlink,
    node,
    ...['enc', 'compression', 'formats', 'engine', 'repair', 'project', 'studio', 'workers', 'cli'].map(
      folder,
    ),
  ),
  walls(
    ['src/enc/**'],
    tfjs,
    react,
    comlink,
    node,
    ...['formats', 'engine', 'repair', 'studio', 'workers', 'cli'].map(folder),
  ),
  walls(
    ['src/formats/**'],
    tfjs,
    react,
    comlink,
    node,
    ...['enc', 'engine', 'repair', 'studio', 'workers', 'cli'].map(folder),
  ),
  walls(
    ['src/engine/**'],
    react,
    comlink,
    node,
    ...['formats', 'repair', 'studio', 'workers', 'cli'].map(folder),
  ),
  walls(
    ['src/repair/**'],
    react,
    comlink,
    node,
    ...['formats', 'studio', 'workers', 'cli', 'project'].map(folder),
  ),
  walls(
    ['src/repair/regression/**'],
    tfjs,
    react,
    comlink,
    node,
    ...['enc', 'engine', 'formats', 'studio', 'workers', 'cli', 'project'].map(folder),
    { regex: '^\\.\\./(?!\\.\\./)', message: 'The mathematics of repair stands without the rest of it.' },
  ),
  walls(['workers/**'], tfjs, react, node, ...['studio', 'cli'].map(folder)),
  walls(['src/studio/**'], ...page),
  ...roomWalls,
  walls(['cli/**'], tfjs, react, folder('studio')),
);
