import { describe, expect, it } from 'vitest';
import { defaultDistil } from '../../compression/steps/distil';
import { beganDistilling, distilTaskOf } from '../distilling';
import { withDistilling } from '../foundTransitions';
import { original } from '../measurements';
import type { ProjectState } from '../state';
import { withMeasured } from '../testing/measuredStates';
import { images, opened, ready } from '../testing/states';
import { withImages, withSettings } from '../transitions';
import type { Block } from './blocks';
import { reproducingCommand, shellText } from './command';
import { reportHtml } from './html';
import { reportMarkdown } from './markdown';
import { reportOf } from './report';

const context = { version: '1.2.3', madeAt: new Date('2026-01-02T03:04:05Z'), given: null };
const hostile = '<img src=x onerror=alert(1)>|`"\'&|=1+1';

function measured(): ProjectState {
  const state = withMeasured(ready(0.5), original(ready(0.5))!, { top1: 4 });
  const recipe = state.completed!.plans['map']!.recipe;
  return withMeasured(state, recipe, { achieved: 0.5, top1: 3, methods: ['map'] });
}

const tableOf = (blocks: readonly Block[]) => blocks.find((block) => block.kind === 'table')!;

describe('a report', () => {
  it('is none before there are plans', () => {
    expect(reportOf(opened(), context)).toBeNull();
  });

  it('says of every method what was measured, and nothing of what was not', () => {
    const { blocks } = reportOf(measured(), context)!;
    const table = tableOf(blocks);
    expect(table.head[1]).toBe('Top-1 as cut');
    const rowOf = (name: string) => table.rows.find(([first]) => first === name)!;
    expect(rowOf('ENC-Map')[1]).toMatch(/^75\.0\u00a0% ±\d+\.\d \(3 of 4\)$/);
    expect(rowOf('Uniform')[1]).toBe('–');
    expect(rowOf('Original')[1]).toMatch(/^100\.0\u00a0%/);
    for (const row of table.rows) expect(row).toHaveLength(table.head.length);
    expect(blocks.filter(({ kind }) => kind === 'figure')).toHaveLength(2);
  });

  it('carries no script, and nothing that a name says becomes markup', () => {
    const state = measured();
    const network = { ...state.network!, title: hostile };
    const layers = network.summary.layers.map((layer) => ({ ...layer, shape: hostile }));
    const named = { ...state, network: { ...network, summary: { ...network.summary, layers } } };
    const html = reportHtml(reportOf(named, context)!);
    expect(html).not.toMatch(/<script|<img|onerror=alert\(1\)>/i);
    expect(html).toContain('&#60;img src=x onerror=alert(1)&#62;');
    expect(
      html
        .match(/<(\w+)/g)!
        .map((tag) => tag.slice(1))
        .filter((tag) => tag === 'img'),
    ).toEqual([]);
    const markdown = reportMarkdown(reportOf(named, context)!);
    const withoutFigures = markdown.replaceAll(/!\[.*\]\(data:.*\)/g, '');
    expect(withoutFigures).not.toMatch(/(?<!\\)<img/);
    for (const line of markdown
      .split('\n')
      .filter((text) => text.startsWith('| stage') || text.startsWith('| a |')))
      expect(line.match(/(?<!\\)\|/g)).toHaveLength(7);
  });

  it('says what distillation made of a plan, and the command for that', () => {
    const many = withImages(ready(0.5), { ...images, count: 80, labels: null });
    const task = distilTaskOf(many)!;
    const epochs = [0.2, 0.1].map((divergence, epoch) => ({
      ...{ epoch, divergence, agreement: 0.9, loss: null },
    }));
    const answers = Array.from({ length: 40 }, () => 0);
    const seen = { count: 40, top1: null, top5: null, answers, methods: ['map'] };
    const uncut = withMeasured(many, original(many)!, { ...seen, methods: [] });
    const run = withMeasured(uncut, task.recipe, seen);
    const state = withDistilling(run, { ...beganDistilling(task), epochs, best: 1 });
    const { blocks } = reportOf(state, context)!;
    const { head, rows } = tableOf(blocks);
    const at = head.indexOf('Agreement distilled');
    expect(head[at - 1]).toBe('Agreement repaired');
    expect(rows.find(([first]) => first === 'ENC-Map')![at]).toContain('(40 of 40)');
    expect(rows.find(([first]) => first === 'Uniform')![at]).toBe('–');
    for (const row of rows) expect(row).toHaveLength(head.length);
    const text = reportMarkdown(reportOf(state, context)!);
    expect(text).toContain(`the state behind epoch 1 of ${defaultDistil.epochs} is kept`);
    expect(text).toContain('enc compress small --ranks map-plan.json --data four --channels');
  });

  it('tells the command that does the same again', () => {
    const state = withSettings(measured(), {
      seed: 7,
      overrides: { c: true, b: false },
      preprocessing: { channels: 'bgr', mean: [1, 2, 3], scale: [0.5] },
      multiple: 2,
      limits: { a: { least: 2, multiple: 4 }, c: { least: 3, most: 3 }, b: { most: 4 } },
      factorisations: { a: 'automatic' },
    });
    const command = reproducingCommand(state);
    expect(command).toMatch(/^enc report small --data four --target 0\.5 /);
    expect(command).toContain('--seed 7');
    expect(command).toContain('--include c --keep b --rank c=3 --bound a=2.. --multiple 2 a=4 ');
    expect(command).toContain('--channels bgr --mean 1,2,3 --scale 0.5');
    expect(reportMarkdown(reportOf(state, context)!)).toMatch(
      /Ranks decided by hand \| a rank 2 or more, multiples of 4; b kept whole; c locked at rank 3/,
    );
  });
});

describe('shellText', () => {
  it('quotes what a shell would take apart', () => {
    expect(shellText(['enc', 'a b', "it's", '--x=1'])).toBe("enc 'a b' 'it'\\''s' --x=1");
  });
});
