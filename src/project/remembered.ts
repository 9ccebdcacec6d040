/** Computes again only when one of its inputs changed, so that whoever looks sees the same object meanwhile. */
export function remembered<State, T>(
  inputs: (state: State) => readonly unknown[],
  compute: (state: State) => T,
): (state: State) => T {
  let last: { inputs: readonly unknown[]; value: T } | null = null;
  return (state) => {
    const present = inputs(state);
    if (!last?.inputs.every((input, index) => Object.is(input, present[index]))) {
      last = { inputs: present, value: compute(state) };
    }
    return last!.value;
  };
}
