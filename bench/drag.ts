/**
 * Drags the target from 20 % to 90 % and back with ResNet-56 on the page, then with a second budget the target and the
 * second one, in turns, and reports long tasks of the page's thread, the time between frames, and the processor time
 * of the page's thread. Run: npx tsx bench/drag.ts
 */
import type { CDPSession, Page } from 'playwright-core';
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
  /** Seconds that the page's thread worked, of those that the drag took. */
  readonly busy: number;
  readonly seconds: number;
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

function stopRecording(page: Page): Promise<Pick<Recording, 'longTasks' | 'frames'>> {
  return page.evaluate(() => {
    window.recording.stop();
    return { longTasks: window.recording.longTasks, frames: window.recording.frames };
  });
}

/** Seconds since the page began, and those in which its thread did anything. */
async function clocks(session: CDPSession): Promise<readonly [number, number]> {
  const { metrics } = await session.send('Performance.getMetrics');
  const valueOf = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
  return [valueOf('Timestamp'), valueOf('TaskDuration')];
}

async function drag(page: Page, session: CDPSession, name: string): Promise<Recording> {
  const slider = page.getByRole('slider', { name });
  const box = (await slider.boundingBox())!;
  const at = (share: number) => box.x + 8 + ((share - 0.05) / 0.95) * (box.width - 16);
  const y = box.y + box.height / 2;
  await page.mouse.move(at(Number(await slider.inputValue()) / 100), y);
  await page.mouse.down();
  await page.mouse.move(at(0.2), y, { steps: 4 });
  await startRecording(page);
  const [begun, worked] = await clocks(session);
  await page.mouse.move(at(0.9), y, { steps: 140 });
  await page.mouse.move(at(0.2), y, { steps: 140 });
  const [ended, since] = await clocks(session);
  const recording = await stopRecording(page);
  await page.mouse.up();
  return { ...recording, seconds: ended - begun, busy: since - worked };
}

async function setBudgets(page: Page, target: string, second: string | null): Promise<void> {
  const remove = page.getByRole('button', { name: 'Remove the second budget' });
  if (await remove.isVisible()) await remove.click();
  await page.getByRole('spinbutton', { name: 'Target in percent' }).fill(target);
  if (second === null) return;
  await page.getByRole('button', { name: 'Add a second budget' }).click();
  await page.getByRole('spinbutton', { name: 'Second budget in percent' }).fill(second);
}

/** What is dragged beside what stays. */
const cases = [
  { title: 'one budget', slider: 'Target', target: '50', second: null },
  { title: 'two, the target', slider: 'Target', target: '50', second: '40' },
  { title: 'two, the second', slider: 'Second budget', target: '50', second: '40' },
] as const;

const results = await withStudio(async (browser, address) => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  // tsx wraps named functions in a helper that the page does not have.
  await page.addInitScript('globalThis.__name = (wrapped) => wrapped');
  await page.goto(`${address}?backend=wasm&sample=none`);
  await page.getByLabel('Open network files').setInputFiles(model);
  await page.getByRole('button', { name: 'Download ENC-Map' }).waitFor({ timeout: 120_000 });
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const rounds: (Recording & { readonly title: string })[] = [];
  for (let round = 0; round < 5; round++) {
    for (const { title, slider, target, second } of cases) {
      await setBudgets(page, target, second);
      rounds.push({ title, ...(await drag(page, session, slider)) });
    }
  }
  return rounds;
});

const rows = results.map(({ title, longTasks, frames, busy, seconds }) => ({
  dragged: title,
  frames: frames.length,
  'median ms': median(frames).toFixed(1),
  '95 % ms': quantile(frames, 0.95).toFixed(1),
  'within 16.7 ms': `${((frames.filter((frame) => frame <= 16.8).length / frames.length) * 100).toFixed(1)} %`,
  'tasks over 50 ms': longTasks.length,
  'thread busy': `${((busy / seconds) * 100).toFixed(0)} %`,
  'busy ms a frame': ((busy * 1000) / frames.length).toFixed(1),
}));
console.table(rows);
writeResult('drag', { rounds: results });
