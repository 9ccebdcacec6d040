import { start } from './start.mjs';

await start('main', Boolean(process.env.ENC_EXTENSIONS));
