/** Versions of ONNX's operators that the studio reads. */
export const readOpsets = { oldest: 6, newest: 21 } as const;

/** Those that it writes: networks in older ones get the oldest of these. */
export const writtenOpsets = { oldest: 9, newest: 21 } as const;
