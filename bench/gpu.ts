/**
 * Real networks and what ENC-Map makes of them on the graphics card, in headless Chromium: images per second of the
 * studio and of ONNX Runtime Web, both on WebGPU. Prints a table and writes `bench/results/gpu.json`; skips where the
 * browser has no graphics card. Run: npx tsx bench/gpu.ts [ROUNDS [NETWORK …]]
 */
import { timeInBrowser } from './browser/run';

const [rounds = '5', ...networks] = process.argv.slice(2);
await timeInBrowser('webgpu', Number(rounds), networks);
