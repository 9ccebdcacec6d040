/**
 * Real networks and what ENC-Map makes of them, in headless Chromium on two threads: images per second of the studio,
 * of ONNX Runtime Web and of PyTorch where it is installed. Prints a table and writes `bench/results/browser.json`.
 * Run: npx tsx bench/browser.ts [ROUNDS [NETWORK …]]
 */
import { timeInBrowser } from './browser/run';

const [rounds = '5', ...networks] = process.argv.slice(2);
await timeInBrowser('wasm', Number(rounds), networks);
