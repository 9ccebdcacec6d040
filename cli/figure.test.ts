import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseTargets } from './commands/figure';
import type { Figure } from './figureSvg';
import { encJson } from './testing';

const folder = mkdtempSync(join(tmpdir(), 'enc-figure-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('parseTargets', () => {
  it('reads ranges and lists', () => {
    expect(parseTargets('0.2:0.9:0.1')).toEqual([0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
    expect(parseTargets('0.3,0.5')).toEqual([0.3, 0.5]);
  });

  it.each(['', '0.2:0.9', '0.9:0.2:0.1', '0:1:0.1', 'a', '0.2:0.9:0.1:1'])('refuses "%s"', (text) => {
    expect(() => parseTargets(text)).toThrow('--targets: expected first:last:step or shares with commas');
  });
});

describe('enc figure', () => {
  it('measures every method at every target and draws them', async () => {
    const [out, svg] = [join(folder, 'figure.json'), join(folder, 'figure.svg')];
    const figure = await encJson<Figure>(
      ...['figure', 'sample:residual', '--data', 'sample:residual', '--images', '60'],
      ...['--targets', '0.3,0.6', '--methods', 'uniform,map,model', '--out', out, '--svg', svg],
    );
    expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(figure);
    expect(figure.points.map(({ method, target }) => `${method} ${target}`)).toEqual([
      ...['uniform 0.3', 'map 0.3', 'model 0.3', 'uniform 0.6', 'map 0.6', 'model 0.6'],
    ]);
    for (const { target, achieved, measured } of figure.points) {
      expect(achieved).toBeLessThanOrEqual(target + 1e-9);
      expect(measured.accuracy).toBe(measured.correct / 60);
      expect(measured.interval.low).toBeLessThanOrEqual(measured.accuracy);
      expect(measured.interval.high).toBeGreaterThanOrEqual(measured.accuracy);
    }
    const drawn = readFileSync(svg, 'utf8');
    expect(drawn).toMatch(/^<svg [^>]*viewBox=/);
    // A mark per point and one per method in the legend.
    expect(drawn.match(/d="M0 -5\.8L5\.8/g)).toHaveLength(2 + 1);
    expect(drawn).not.toContain('NaN');
  });
});
