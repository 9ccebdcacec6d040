/** `npm start`: installs what is missing, builds, serves and opens the studio. */
import { ensureDependencies, root } from './setup.mjs';

ensureDependencies();
const { build, preview } = await import('vite');
await build({ root, logLevel: 'warn' });
const hasScreen = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
const port = Number(process.env.PORT ?? 4173);
const server = await preview({ root, preview: { port, open: hasScreen && !process.env.CI } });
server.printUrls();
