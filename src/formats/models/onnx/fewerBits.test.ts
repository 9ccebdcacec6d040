import { describe, expect, it } from 'vitest';
import { unsupportedNodes } from '../../../network/validate';
import { floats, integer, node, read } from './testing/building';
import { elementType } from './schema';

describe('ONNX weights in fewer bits', () => {
  it('are read where they are float16 that is cast', () => {
    const stored = { name: 'w', dims: [1, 4, 1, 1], dataType: elementType.float16 };
    const initializers = [
      { ...stored, rawData: new Uint8Array(Uint16Array.of(0x3c00, 0xc000, 0x3800, 0).buffer) },
    ];
    const nodes = [node('Cast', ['w'], [integer('to', 1)], ['v']), node('Conv', ['x', 'v'])];
    const [convolution] = read({ nodes, initializers }).nodes;
    expect(convolution!.operator).toMatchObject({ kernel: { data: Float32Array.of(1, -2, 0.5, 0) } });
  });

  it.each([
    ['in raw bytes', { rawData: new Uint8Array(Uint16Array.of(0x3f80, 0xc000, 0x3f00, 0x4049).buffer) }],
    ['in whole numbers', { int32Data: [0x3f80, 0xc000, 0x3f00, 0x4049] }],
  ])('are read where they are bfloat16 %s', (_, stored) => {
    const initializers = [{ name: 'w', dims: [1, 4, 1, 1], dataType: elementType.bfloat16, ...stored }];
    const nodes = [node('Cast', ['w'], [integer('to', 1)], ['v']), node('Conv', ['x', 'v'])];
    const [convolution] = read({ nodes, initializers }).nodes;
    expect(convolution!.operator).toMatchObject({ kernel: { data: Float32Array.of(1, -2, 0.5, 3.140625) } });
  });

  it.each([
    [
      'QLinearConv',
      ['x', 's', 'z', 'q', 's', 'z', 's', 'z'],
      'it computes in whole numbers; export the network with',
    ],
    ['Cast', ['q'], 'its input "q" is a constant'],
  ])('are listed where %s works on them', (operator, inputs, reason) => {
    const initializers = [
      { name: 'q', dims: [1, 4, 1, 1], dataType: elementType.int8, int32Data: [1, 2, 3, 4] },
      { name: 'z', dims: [], dataType: elementType.int8, int32Data: [0] },
      floats('s', []),
    ];
    const to = operator === 'Cast' ? [integer('to', 1)] : [];
    const nodes = [node(operator, inputs, to, ['v']), node('Relu', ['v'])];
    const [problem] = unsupportedNodes(read({ nodes, initializers }));
    expect(problem!.message).toContain(`(${operator}) is not supported: ${reason}`);
  });
});
