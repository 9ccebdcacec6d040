import type { Command } from 'commander';
import { usefulRanks } from '../src/enc/problem';
import type { RankLimits } from '../src/enc/rankLimits';
import { fail } from '../src/network/failure';
import { layerNamed } from '../src/project/layerNames';
import {
  factorisationChoices,
  rankMultiples,
  type LayerFactorisations,
  type LayerLimits,
} from '../src/project/settings';
import type { NetworkSummary } from '../workers/protocol/summaries';

/** Bounds of one layer's rank, or what it is a multiple of, as an option gave them. */
export interface RankBound {
  /** The option, for what is said of it. */
  readonly option: string;
  readonly layer: string;
  readonly least: number | null;
  readonly most: number | null;
  /** Absent for what all ranks are multiples of. */
  readonly multiple?: number;
}

/** `conv3=24`: the rank itself. @throws FailureError `invalid-request` for anything else */
export function parseRank(text: string): RankBound {
  const [, layer, rank] = /^(.+)=(\d+)$/.exec(text) ?? [];
  if (layer === undefined || rank === undefined)
    return fail(
      'invalid-request',
      `--rank: expected a layer and its rank, found "${text}"; write conv3=24, for instance.`,
    );
  return { option: `--rank ${text}`, layer, least: Number(rank), most: Number(rank) };
}

/** `conv3=8..32`, `conv3=8..` or `conv3=..32`. @throws FailureError `invalid-request` for anything else */
export function parseBound(text: string): RankBound {
  const [, layer, least, most] = /^(.+)=(\d*)\.\.(\d*)$/.exec(text) ?? [];
  const isOpen = (least ?? '') === '' && (most ?? '') === '';
  if (layer === undefined || isOpen || (least && most && Number(least) > Number(most)))
    return fail(
      'invalid-request',
      `--bound: expected a layer and the ranks between which it stays, found "${text}"; write conv3=8..32, conv3=8.. or conv3=..32, for instance.`,
    );
  return {
    option: `--bound ${text}`,
    layer,
    least: least ? Number(least) : null,
    most: most ? Number(most) : null,
  };
}

/** `8` for all layers, or `conv3=8` for one. @throws FailureError `invalid-request` for anything else */
function parseMultiple(text: string): { readonly layer: string | null; readonly multiple: number } {
  const [, layer = null, typed] = /^(?:(.+)=)?(\d+)$/.exec(text) ?? [];
  const multiple = rankMultiples.find((own) => own === Number(typed));
  if (multiple === undefined)
    return fail(
      'invalid-request',
      `--multiple: expected ${rankMultiples.join(', ')}, for all layers or for one, found "${text}"; write 8 or conv3=8, for instance.`,
    );
  return { layer, multiple };
}

/**
 * What all ranks are to be multiples of, but those of layers that are named; empty where that is not said.
 *
 * @throws FailureError `invalid-request` for anything else than multiples, and for several of all layers
 */
export function multipleOfAll({ multiple = [] }: { readonly multiple?: readonly string[] }): {
  readonly multiple?: number;
} {
  const ofAll = multiple.map(parseMultiple).filter(({ layer }) => layer === null);
  if (ofAll.length > 1)
    fail(
      'invalid-request',
      `--multiple: expected one number for all layers, found ${ofAll.length}; leave the others out, or name layers, as in conv3=8.`,
    );
  return ofAll.length === 0 ? {} : { multiple: ofAll[0]!.multiple };
}

/**
 * Bounds and multiples by layer.
 *
 * @throws FailureError `invalid-request` for a name that is no layer's, a layer that cannot be cut, and ranks at which
 * it is no cheaper
 */
export function limitsOf(
  { layers }: Pick<NetworkSummary, 'layers'>,
  bounds: readonly RankBound[],
): LayerLimits {
  const limits = new Map<string, RankLimits>();
  for (const { option, layer: name, least, most, multiple } of bounds) {
    const layer =
      layerNamed(layers, name) ??
      fail(
        'invalid-request',
        `${option}: expected a layer of the network, found none of this name; see enc inspect.`,
      );
    const greatest = layer.kept === null ? (usefulRanks(layer).at(-1) ?? 0) : 0;
    const asked = Math.max(least ?? 1, most ?? 1);
    if (greatest === 0)
      fail(
        'invalid-request',
        `${option}: expected a layer that can be cut, found one that cannot; see enc inspect.`,
      );
    if (asked > greatest || Math.min(least ?? 1, most ?? 1) < 1)
      fail(
        'invalid-request',
        `${option}: expected ranks from 1 to ${greatest}, at which the layer is cheaper, found others; give ranks in that range.`,
      );
    limits.set(layer.name, {
      ...limits.get(layer.name),
      ...(least === null ? {} : { least }),
      ...(most === null ? {} : { most }),
      ...(multiple === undefined ? {} : { multiple }),
    });
  }
  return Object.fromEntries(limits);
}

/**
 * `conv3=channel`, `conv3=automatic`: how single convolutions are split.
 *
 * @throws FailureError `invalid-request` for anything else, and for a layer that can be split in one way only
 */
export function splitsOf(
  { layers, alternatives = [] }: Pick<NetworkSummary, 'layers' | 'alternatives'>,
  given: readonly string[],
): LayerFactorisations {
  const entries = given.map((text) => {
    const [, name, asked] = /^(.+)=(.+)$/.exec(text) ?? [];
    const choice = factorisationChoices.find((own) => own === asked);
    if (name === undefined || !choice)
      return fail(
        'invalid-request',
        `--factorisation: expected a layer and ${factorisationChoices.join(' or ')}, found "${text}"; write conv3=channel, for instance.`,
      );
    const layer = layerNamed(layers, name);
    if (!layer || !alternatives.some((own) => own.name === layer.name))
      return fail(
        'invalid-request',
        `--factorisation ${text}: expected a convolution that can be split in several ways, found none of this name; see enc inspect.`,
      );
    return [layer.name, choice] as const;
  });
  return Object.fromEntries(entries);
}

/** Adds what ranks are multiples of, bounds of single layers' ranks, and how these are split. */
export function withBounds(command: Command): Command {
  return command
    .option('--rank <layer=rank...>', 'fix the rank of these layers')
    .option(
      '--factorisation <layer=kind...>',
      `how these convolutions are split: ${factorisationChoices.join(', ')}; automatic is what keeps more of the kernel at equal cost, in equal time under a budget on time`,
    )
    .option(
      '--bound <layer=least..most...>',
      'keep the rank of these layers between two, of which one may be left out',
    )
    .option(
      '--multiple <n, layer=n...>',
      `what ranks are whole multiples of: ${rankMultiples.join(', ')}; for all layers (default: 1), or for these in place of that`,
    );
}

/** The bounds that were given, and the multiples of single layers. */
export function boundsOf({
  rank = [],
  bound = [],
  multiple = [],
}: {
  readonly rank?: readonly string[];
  readonly bound?: readonly string[];
  readonly multiple?: readonly string[];
}): readonly RankBound[] {
  const multiples = multiple.flatMap((text): readonly RankBound[] => {
    const { layer, multiple: own } = parseMultiple(text);
    return layer === null
      ? []
      : [{ option: `--multiple ${text}`, layer, least: null, most: null, multiple: own }];
  });
  return [...rank.map(parseRank), ...bound.map(parseBound), ...multiples];
}
