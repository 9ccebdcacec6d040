import { FailureError, type Failure } from './failure';
import type { GraphNode, Network, Shape } from './graph';
import { areScores, scoreOutput } from './outputs';
import { inferShapes, shapeText, unsupportedText } from './shapes';
import { weightProblems } from './validateWeights';

/**
 * Everything that keeps a graph from being a network: names used twice, values that nothing writes or that are
 * read before they are written, weights of the wrong size or not finite, shapes that do not fit, no class
 * scores. Unsupported operators are not among them (see {@link unsupportedNodes}).
 *
 * @returns one sentence per problem, in network order; empty where all is well
 */
export function validateNetwork(network: Network): readonly Failure[] {
  const { shapes, problems } = inferShapes(network);
  return [
    ...inputProblems(network),
    ...duplicates(network),
    ...network.nodes.flatMap(weightProblems),
    ...wiringProblems(network),
    ...problems,
    ...scoreProblems(network, shapes),
  ];
}

/** The nodes the studio cannot compute, one sentence each; those that only lie behind another are not named again. */
export function unsupportedNodes(network: Network): readonly Failure[] {
  return network.nodes.flatMap(({ name, operator }) =>
    operator.kind === 'unsupported' && operator.behind === undefined
      ? [{ code: 'unsupported-operator' as const, message: unsupportedText(name, operator) }]
      : [],
  );
}

/**
 * Stops unless every node of the network can be computed.
 * @throws FailureError `invalid-network` or `unsupported-operator` for the first problem
 */
export function assertComputable(network: Network): void {
  const [problem] = [...validateNetwork(network), ...unsupportedNodes(network)];
  if (problem) throw new FailureError(problem.code, problem.message);
}

function invalid(message: string): Failure {
  return { code: 'invalid-network', message };
}

function inputProblems({ input }: Network): readonly Failure[] {
  const fits =
    input.shape.length > 0 && input.shape.every((extent) => Number.isInteger(extent) && extent >= 1);
  if (fits) return [];
  const expected = 'expected whole extents of at least 1';
  return [invalid(`The network's input "${input.name}": ${expected}, found ${shapeText(input.shape)}.`)];
}

function duplicates(network: Network): readonly Failure[] {
  const written = [network.input.name, ...network.nodes.map(({ output }) => output)];
  return [
    ...repeated(network.nodes.map(({ name }) => name)).map((name) =>
      invalid(`Two nodes are called "${name}".`),
    ),
    ...repeated(written).map((value) => invalid(`The value "${value}" is written twice.`)),
  ];
}

function repeated(names: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const name of names) (seen.has(name) ? twice : seen).add(name);
  return [...twice];
}

function wiringProblems(network: Network): readonly Failure[] {
  const everWritten = new Set(network.nodes.map(({ output }) => output));
  const written = new Set([network.input.name]);
  const problems = network.nodes.flatMap((node) => {
    const missing = node.inputs.filter((value) => !written.has(value));
    written.add(node.output);
    return missing.map((value) => invalid(missingText(node, value, everWritten.has(value))));
  });
  const unanswered = network.outputs.filter((value) => !written.has(value));
  return [
    ...problems,
    ...unanswered.map((value) => invalid(`Nothing writes the network's output "${value}".`)),
  ];
}

function missingText(node: GraphNode, value: string, isWrittenLater: boolean): string {
  const reads = `Node "${node.name}" (${node.operator.kind}) reads "${value}"`;
  if (!isWrittenLater) return `${reads}, which nothing writes.`;
  return `${reads} before it is written: the nodes are out of order or form a circle.`;
}

/** The output that was taken must hold one score per class, or one for two classes. */
function scoreProblems(network: Network, shapes: ReadonlyMap<string, Shape>): readonly Failure[] {
  if (network.outputs.length === 0) return [invalid('The network has no output.')];
  const scores = scoreOutput(network);
  const shape = shapes.get(scores);
  if (!shape || areScores(shape)) return [];
  const others = network.outputs.filter((name) => name !== scores).map((name) => `"${name}"`);
  const advice = others.length > 0 ? `; take another output (${others.join(', ')})` : '';
  const expected = 'expected one score for each class';
  return [
    invalid(`The network's output "${scores}": ${expected}, found a shape of ${shapeText(shape)}${advice}.`),
  ];
}
