import { networkCost } from '../../src/network/cost';
import { describeLayers } from '../../src/network/describe';
import { shapeText } from '../../src/network/extents';
import { unwrap } from '../../src/network/failure';
import type { Network } from '../../src/network/graph';
import { holdingOf } from '../../src/network/holding';
import { inputScaling, rangeTexts, scalingText, type InputScaling } from '../../src/network/inputScaling';
import { describeOutputs, roleTexts, type OutputDescription } from '../../src/network/outputs';
import { holdingTexts } from '../../src/project/storageForms';
import { Parsing } from '../../workers/pool/parsing';
import { extensionModules } from '../extensions';
import { readFiles } from '../inputs';
import type { CommonOptions } from '../commonOptions';
import { printAnswer, table } from '../output';
import { openParser } from '../parser';
import { never } from '../workspace';

/** Lists what is in a network, also where the studio cannot compute with all of it. */
export async function inspect(
  model: readonly string[],
  { json, networkReading }: CommonOptions,
): Promise<void> {
  const files = await readFiles(model, 'network');
  const parsing = new Parsing(() => openParser(extensionModules()));
  const read = await parsing.run(never, files, (service) => service.readNetwork(files, networkReading));
  const network = unwrap(read);
  const layers = describeLayers(network).map(
    ({ name, kind, shape, macs, parameters, rankMax, factorisation, isEstimated, kept, keptByDefault }) => ({
      name,
      kind,
      shape,
      macs,
      parameters,
      rankMax,
      factorisation,
      ...(isEstimated ? { isEstimated } : {}),
      kept,
      keptByDefault,
    }),
  );
  const outputs = printedOutputs(network);
  const scaling = inputScaling(network);
  const answer = {
    layers,
    ...networkCost(network),
    holding: holdingOf(network),
    outputs,
    scaling,
    unsupported: unsupportedNodes(network),
  };
  printAnswer(json, answer, () =>
    [
      table([
        ['layer', 'shape', 'MACs', 'parameters', 'r_max', 'factorisation', 'kept'],
        ...layers.map((layer) => [
          layer.name,
          layer.shape,
          layer.macs,
          layer.parameters,
          layer.rankMax,
          layer.isEstimated ? `${layer.factorisation}, estimated` : layer.factorisation,
          layer.kept ?? layer.keptByDefault ?? '',
        ]),
      ]),
      '',
      [`${answer.macs} MACs, ${answer.parameters} parameters`, ...holdingTexts(answer.holding)].join('; '),
      ...(scaling ? [scalingLine(scaling)] : []),
      ...(outputs.length > 1 ? ['', ...outputsTexts(outputs)] : []),
      ...unsupportedLines(answer.unsupported),
    ].join('\n'),
  );
}

function scalingLine(scaling: InputScaling): string {
  const { range, nodes } = scaling;
  const expected = range ? `: it expects ${rangeTexts[range]}` : '';
  return `The network scales its input x itself, ${scalingText(scaling)} (${nodes.join(', ')})${expected}.`;
}

interface PrintedOutput extends OutputDescription {
  /** Whether it is taken as the class scores. */
  readonly isScores: boolean;
}

function printedOutputs(network: Network): readonly PrintedOutput[] {
  const scores = network.scoresAt ?? 0;
  return describeOutputs(network).map((output, at) => ({ ...output, isScores: at === scores }));
}

function outputsTexts(outputs: readonly PrintedOutput[]): string[] {
  return [
    'outputs (--output takes another as the class scores):',
    table(
      outputs.map(({ name, shape, role, isScores }) => [
        `  ${name}`,
        shape ? shapeText(shape) : 'unknown shape',
        roleTexts[role],
        isScores ? 'class scores' : '',
      ]),
    ),
  ];
}

interface UnsupportedNode {
  readonly name: string;
  readonly operator: string;
  readonly reason: string;
}

/** What the studio cannot compute; nodes that only lie behind another are no trouble of their own. */
function unsupportedNodes(network: Network): readonly UnsupportedNode[] {
  return network.nodes.flatMap(({ name, operator }) =>
    operator.kind === 'unsupported' && operator.behind === undefined
      ? [{ name, operator: operator.operator, reason: operator.reason }]
      : [],
  );
}

/** One line for each operator and reason, however many nodes share them. */
function unsupportedLines(nodes: readonly UnsupportedNode[]): readonly string[] {
  const sentenceOf = ({ operator, reason }: UnsupportedNode) =>
    `${operator} cannot be computed here: ${reason}`;
  return [...new Set(nodes.map(sentenceOf))].map((sentence) => {
    const [first, ...others] = nodes.filter((node) => sentenceOf(node) === sentence);
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    return `${first!.name}${more}: ${sentence}`;
  });
}
