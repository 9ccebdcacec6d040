import { FailureError, fail } from '../../../../network/failure';
import type { Network } from '../../../../network/graph';
import type { NamedFile } from '../../../file';
import { requireFewNodes } from '../../../limits';
import { isObject, listAt, objectAt, type JsonObject } from '../../layers/json';
import type { StoredTensor } from '../../layers/weights';
import type { ReadOptions } from '../../reader';
import { modelName, readManifest } from '../manifest';
import { GraphDefNode, shapeOf, valueName } from './graphDef';
import { networkOfGraph, type Signature, type SourceFormat } from './network';
import { graphConverters } from './operators';
import { adviceFor } from './unknown';

const graphModel: SourceFormat = { id: 'tfjs', converters: graphConverters, adviceFor };

/**
 * Reads a TF.js GraphModel: model.json with a TensorFlow graph, and the shards that it names. Nodes that the
 * studio cannot compute become `unsupported` nodes with the reason, which is no failure here.
 *
 * @throws FailureError `unreadable-file` with a sentence that names the file, where and what is wrong
 */
export function readGraphModel(
  model: NamedFile,
  json: JsonObject,
  files: readonly NamedFile[],
  options: ReadOptions,
): Network {
  try {
    const topology = objectAt(json['modelTopology'], 'modelTopology');
    const list = listAt(topology['node'], 'modelTopology.node');
    requireFewNodes(list.length, 'nodes');
    const nodes = list.map((node, index) => new GraphDefNode(node, `modelTopology.node[${index}]`));
    const weights =
      json['weightsManifest'] ??
      fail('unreadable-file', 'expected a weightsManifest, found none; convert it again.');
    const constants = constantsOf(nodes, readManifest(weights, model, files));
    const graph = { name: modelName(model), nodes, constants, signature: signatureOf(json) };
    return networkOfGraph(graph, graphModel, options);
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    throw error.message.startsWith(model.name)
      ? error
      : new FailureError(error.code, `${model.name}: ${error.message}`);
  }
}

/** The values of Const nodes by name. */
function constantsOf(
  nodes: readonly GraphDefNode[],
  weights: ReadonlyMap<string, StoredTensor>,
): ReadonlyMap<string, StoredTensor> {
  return new Map(
    nodes.flatMap((node) => {
      const stored = node.op === 'Const' ? weights.get(node.name) : undefined;
      if (node.op === 'Const' && !stored)
        fail(
          'unreadable-file',
          `node "${node.name}" (Const): expected its value in the weights, found none; convert it again.`,
        );
      return stored ? [[node.name, stored] as const] : [];
    }),
  );
}

function signatureOf({ signature, userDefinedMetadata }: JsonObject): Signature {
  const older = isObject(userDefinedMetadata) ? userDefinedMetadata['signature'] : undefined;
  const given = isObject(signature) ? signature : isObject(older) ? older : {};
  const tensors = (key: string) =>
    Object.values(isObject(given[key]) ? given[key] : {}).flatMap((tensor) =>
      isObject(tensor) && typeof tensor['name'] === 'string' ? [{ ...tensor, name: tensor['name'] }] : [],
    ) as readonly (JsonObject & { readonly name: string })[];
  return {
    inputs: new Map(
      tensors('inputs').map((tensor) => [valueName(tensor.name), shapeOf(tensor['tensorShape'])]),
    ),
    outputs: tensors('outputs').map(({ name }) => valueName(name)),
  };
}

/** Whether a model.json describes a graph and not layers. */
export function isGraphModel({ format, modelTopology }: JsonObject): boolean {
  return isObject(modelTopology) && Array.isArray(modelTopology['node']) && format !== 'layers-model';
}
