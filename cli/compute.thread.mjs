// Node 20 gives a thread no TypeScript loader of its own, so this entry installs one first.
import { register } from 'tsx/esm/api';

register();
await import('./compute.thread.ts');
