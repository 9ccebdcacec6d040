import { InferenceSession, Tensor } from 'onnxruntime-web';

/** What ONNX Runtime answers for one output, in ONNX's own layout. */
export interface RuntimeOutput {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/**
 * Runs an ONNX file with ONNX Runtime (WebAssembly): the judge of written files that is none of ours.
 *
 * @param input all values of the network's one input, batch first, NCHW
 * @param dims its extents
 * @returns the first output
 */
export async function runOnnxRuntime(
  file: Uint8Array,
  input: Float32Array,
  dims: readonly number[],
): Promise<RuntimeOutput> {
  // Errors only: its warnings about weights that are also inputs would drown the report of the tests.
  const session = await InferenceSession.create(file, { logSeverityLevel: 3 });
  try {
    const results = await session.run({ [session.inputNames[0]!]: new Tensor('float32', input, dims) });
    const name = session.outputNames[0]!;
    const output = results[name]!;
    return { name, dims: output.dims, data: Float32Array.from(output.data as Float32Array) };
  } finally {
    await session.release();
  }
}
