/** Versions of ONNX's operators that the studio reads and writes. */
export const opsetRange = { oldest: 9, newest: 21 } as const;
