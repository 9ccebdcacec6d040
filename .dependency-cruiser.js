/**
 * No file may reach itself through what it imports. Types count: a folder that borrows its neighbour's types both
 * ways cannot be moved or read by itself either.
 */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or there is a third below them.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'everything-is-found',
      comment: 'An import that leads nowhere would hide a cycle.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, path: '^[.]' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    exclude: { path: '(^|/)node_modules/|^(dist|public|[.]cache|playwright-report|test-results)/' },
  },
};
