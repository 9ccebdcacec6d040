import { describe, expect, it } from 'vitest';
import { fingerprintNetwork } from './fingerprint';
import type { GraphNode, Network } from './graph';
import {
  classCount,
  describeOutputs,
  scoreOutput,
  withScoreOutput,
  withScoreOutputOf,
  type OutputRole,
} from './outputs';
import {
  activation,
  evenPadding,
  networkOf,
  nodeOf,
  randomConvolution,
  randomDense,
  seededNumbers,
  square,
} from './testing/builders';

const numbers = seededNumbers(3);
const pool = { kind: 'globalPool', reduce: 'average', keepDimensions: false } as const;
/** A trunk with heads of every kind on it. */
const nodes: readonly GraphNode[] = [
  nodeOf(
    'early',
    ['image'],
    randomConvolution(numbers, { kernel: square(3), padding: evenPadding(1), inputs: 3, outputs: 6 }),
  ),
  nodeOf('earlyPool', ['early:0'], pool),
  nodeOf('auxiliary', ['earlyPool:0'], randomDense(numbers, 6, 10)),
  nodeOf(
    'map',
    ['early:0'],
    randomConvolution(numbers, { kernel: square(3), padding: evenPadding(1), inputs: 6, outputs: 8 }),
  ),
  nodeOf('features', ['map:0'], pool),
  nodeOf('logits', ['features:0'], randomDense(numbers, 8, 10)),
  nodeOf('flat', ['logits:0'], { kind: 'flatten', order: 'hwc' }),
  nodeOf('softmax', ['flat:0'], { kind: 'softmax' }),
  nodeOf('age', ['features:0'], randomDense(numbers, 8, 1)),
  nodeOf('gender', ['age:0'], activation('sigmoid')),
];
const withOutputs = (...names: string[]): Network =>
  networkOf(
    [6, 6, 3],
    nodes,
    names.map((name) => `${name}:0`),
  );
const chosen = (...names: string[]) => scoreOutput(withScoreOutput(withOutputs(...names), null));

describe('an output', () => {
  it.each<[string, OutputRole]>([
    ['map', 'map'],
    ['features', 'vector'],
    ['age', 'vector'],
    ['logits', 'scores'],
    ['flat', 'scores'],
    ['softmax', 'probabilities'],
    ['gender', 'probabilities'],
  ])('%s is known by its shape and what it comes out of as %s', (name, role) => {
    expect(describeOutputs(withOutputs(name))[0]!.role).toBe(role);
  });

  it('behind something that cannot be computed has no shape', () => {
    const lstm = { kind: 'unsupported', operator: 'LSTM', reason: 'it keeps state.' } as const;
    const network = networkOf([4], [nodeOf('a', ['image'], lstm)]);
    expect(describeOutputs(network)).toEqual([{ name: 'a:0', shape: null, role: 'unknown' }]);
    expect(classCount(network)).toBe(0);
  });
});

describe('the class scores', () => {
  it.each([
    [['features', 'logits'], 'logits:0'],
    [['map', 'features', 'logits'], 'logits:0'],
    [['map', 'features'], 'features:0'],
    [['logits', 'softmax'], 'softmax:0'],
    [['age', 'logits'], 'logits:0'],
    [['age', 'gender'], 'gender:0'],
    // Heads that only helped training leave the network early.
    [['auxiliary', 'logits'], 'logits:0'],
    [['logits', 'auxiliary'], 'logits:0'],
    [['softmax'], 'softmax:0'],
    [['map'], 'map:0'],
  ])('of %j are %s', (outputs, expected) => {
    expect(chosen(...outputs)).toBe(expected);
  });

  it('are those that a person says', () => {
    const network = withOutputs('features', 'logits', 'softmax');
    expect(scoreOutput(withScoreOutput(network, 'features:0'))).toBe('features:0');
    expect(classCount(withScoreOutput(network, 'features:0'))).toBe(8);
    expect(() => withScoreOutput(network, 'nowhere')).toThrow(
      'Expected an output of the network ("features:0", "logits:0", "softmax:0"), found "nowhere"; choose one of these.',
    );
  });

  it('count two classes where there is one', () => {
    expect(classCount(withOutputs('gender'))).toBe(2);
    expect(classCount(withOutputs('logits'))).toBe(10);
  });

  it('are part of what identifies a network; the first output is taken where nothing is said', () => {
    const network = withOutputs('logits', 'features');
    const prints = ['logits:0', 'features:0'].map((name) =>
      fingerprintNetwork(withScoreOutput(network, name)),
    );
    expect(prints[0]).toBe(fingerprintNetwork(network));
    expect(prints[1]).not.toBe(prints[0]);
  });

  it('are found again in what was written, by name or by place', () => {
    const written = withScoreOutput(withOutputs('softmax', 'logits', 'features'), 'features:0');
    const again = { ...withOutputs('softmax', 'features', 'logits') };
    expect(scoreOutput(withScoreOutputOf(again, written))).toBe('features:0');
    const renamed = { ...written, outputs: ['flat:0', 'gender:0', 'auxiliary:0'] };
    expect(scoreOutput(withScoreOutputOf(renamed, written))).toBe('auxiliary:0');
    expect(scoreOutput(withScoreOutputOf(withOutputs('map', 'softmax'), written))).toBe('softmax:0');
  });
});

it('is missing in a network that answers with nothing', () => {
  expect(() => scoreOutput(withOutputs())).toThrow(
    'Expected a network that answers with something, found no output; export it again.',
  );
});
