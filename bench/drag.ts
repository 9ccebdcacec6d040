/**
 * Drags the target from 20 % to 90 % and back with ResNet-56 on the page and reports long tasks of the page's
 * thread and the time between frames. Run: npx tsx bench/drag.ts
 */
import type { Page } from 'playwright-core';
import { referencePath } from '../scripts/reference';
import { median, quantile, withStudio, writeResult } from './harness';

const model = referencePath('res56/res56.onnx');
if (!model) {
  console.log('bench/drag: skipped, it needs ../shared/reference/res56/res56.onnx');
  process.exit(0);
}

interface Recording {
  readonly longTasks: number[];
  readonly frames: number[];
}

declare global {
  interface Window {
    recording: { longTasks: number[]; frames: number[]; stop(): void };
  }
}

/** Notes every long task and every frame from now on. */
function startRecording(page: Page): Promise<void> {
  return page.evaluate(() => {
    const longTasks: number[] = [];
    const frames: number[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) longTasks.push(entry.duration);
    });
    observer.observe({ type: 'longtask' });
    let last = performance.now();
    let isRunning = true;
    const onFrame = (now: number) => {
      frames.push(now - last);
      last = now;
      if (isRunning) requestAnimationFrame(onFrame);
    };
    requestAnimationFrame(onFrame);
    window.recording = { longTasks, frames, stop: () => void (isRunning = false) };
  });
}

function stopRecording(page: Page): Promise<Recording> {
  return page.evaluate(() => {
    window.recording.stop();
    return { longTasks: window.recording.longTasks, frames: window.recording.frames };
  });
}

async function drag(page: Page): Promise<Recording> {
  const slider = page.getByRole('slider', { name: 'Target' });
  const box = (await slider.boundingBox())!;
  const at = (share: number) => box.x + 8 + ((share - 0.05) / 0.95) * (box.width - 16);
  const y = box.y + box.height / 2;
  await page.mouse.move(at(Number(await slider.inputValue()) / 100), y);
  await page.mouse.down();
  await page.mouse.move(at(0.2), y, { steps: 4 });
  await startRecording(page);
  await page.mouse.move(at(0.9), y, { steps: 140 });
  await page.mouse.move(at(0.2), y, { steps: 140 });
  const recording = await stopRecording(page);
  await page.mouse.up();
  return recording;
}

const results = await withStudio(async (browser, address) => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  // tsx wraps named functions in a helper that the page does not have.
  await page.addInitScript('globalThis.__name = (wrapped) => wrapped');
  await page.goto(`${address}?backend=wasm&sample=none`);
  await page.getByLabel('Open network files').setInputFiles(model);
  await page.getByRole('button', { name: 'Download ENC-Map' }).waitFor({ timeout: 120_000 });
  const rounds: Recording[] = [];
  for (let round = 0; round < 5; round++) rounds.push(await drag(page));
  return rounds;
});

const rows = results.map(({ longTasks, frames }) => ({
  frames: frames.length,
  'median ms': median(frames).toFixed(1),
  '95 % ms': quantile(frames, 0.95).toFixed(1),
  'within 16.7 ms': `${((frames.filter((frame) => frame <= 16.8).length / frames.length) * 100).toFixed(1)} %`,
  'tasks over 50 ms': longTasks.length,
}));
console.table(rows);
writeResult('drag', { rounds: results });
