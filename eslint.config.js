import tseslint from 'typescript-eslint';
import reactHooks from 'eslint-plugin-react-hooks';

/**
 * Import walls (see README, "How to develop"). Each folder has one reason to change, so each lists what it
 * must never reach for.
 */
const outside = {
  tfjs: { group: ['@tensorflow/*'], message: 'Only src/engine talks to tfjs.' },
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
        projectService: { allowDefaultProject: ['eslint.config.js', 'scripts/*.mjs', 'cli/*.mjs'] },
      },
    },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
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
    ...['answers', 'enc', 'formats', 'engine', 'studio', 'workers', 'cli'].map(folder),
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
    ...['formats', 'engine', 'studio', 'workers', 'cli'].map(folder),
  ),
  walls(
    ['src/formats/**'],
    tfjs,
    react,
    comlink,
    node,
    ...['enc', 'engine', 'studio', 'workers', 'cli'].map(folder),
  ),
  walls(['src/engine/**'], react, comlink, node, ...['formats', 'studio', 'workers', 'cli'].map(folder)),
  walls(['workers/**'], tfjs, react, node, ...['studio', 'cli'].map(folder)),
  walls(
    ['src/studio/**'],
    tfjs,
    node,
    comlink,
    ...['engine', 'formats', 'cli', 'workers/service', 'workers/pool'].map(folder),
  ),
  walls(['cli/**'], tfjs, react, folder('studio')),
);
