import { expect, it } from 'vitest';
import { thinSvd } from './svd';
import { normalMatrix } from './testMatrices';
import { doubles, inWorkspace, workspace } from './workspace';

it('gives zeros, also where others were before', () => {
  for (let round = 0; round < 3; round++)
    inWorkspace(100, () => {
      const values = doubles(99);
      expect(workspace().holds(values)).toBe(true);
      expect(values.every((value) => value === 0)).toBe(true);
      values.fill(round + 1);
    });
});

it('gives arrays of their own where there is no room, and where none is open', () => {
  inWorkspace(10, () => {
    const [inside, outside] = [doubles(10), doubles(10_000_000)];
    expect(workspace().holds(inside)).toBe(true);
    expect(workspace().holds(outside)).toBe(false);
    expect(outside).toHaveLength(10_000_000);
  });
  expect(workspace().holds(doubles(1))).toBe(false);
});

it('opens another one within, which leaves what lies in the outer one alone', () => {
  inWorkspace(50, () => {
    const outer = doubles(40).fill(7);
    for (const count of [10, 1000])
      inWorkspace(count, () => {
        doubles(count).fill(3);
      });
    expect(outer.every((value) => value === 7)).toBe(true);
    expect(workspace().holds(doubles(10))).toBe(true);
  });
});

it('gives back what was taken where work fails', () => {
  const fails = () =>
    inWorkspace(30, () => {
      doubles(30);
      throw new Error('expected');
    });
  inWorkspace(30, () => {
    expect(fails).toThrow('expected');
    expect(workspace().holds(doubles(30))).toBe(true);
  });
});

it('keeps nothing that a decomposition answers', () => {
  const [a, b] = [normalMatrix(30, 20, 1), normalMatrix(30, 20, 2)];
  const first = thinSvd(a, 30, 20);
  const copy = { u: first.u.slice(), v: first.v.slice(), singularValues: first.singularValues.slice() };
  thinSvd(b, 30, 20);
  expect(first).toMatchObject(copy);
});
