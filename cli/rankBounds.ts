import type { Command } from 'commander';
import { usefulRanks } from '../src/enc/problem';
import { fail } from '../src/network/failure';
import { layerNamed } from '../src/project/layerNames';
import { factorisationChoices, type LayerFactorisations, type LayerLimits } from '../src/project/settings';
import type { NetworkSummary } from '../workers/protocol/summaries';

/** Bounds of one layer's rank, as an option gave them. */
export interface RankBound {
  /** The option, for what is said of it. */
  readonly option: string;
  readonly layer: string;
  readonly least: number | null;
  readonly most: number | null;
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

/**
 * Bounds by layer.
 *
 * @throws FailureError `invalid-request` for a name that is no layer's, a layer that cannot be cut, and ranks at which
 * it is no cheaper
 */
export function limitsOf(
  { layers }: Pick<NetworkSummary, 'layers'>,
  bounds: readonly RankBound[],
): LayerLimits {
  const entries = bounds.map(({ option, layer: name, least, most }) => {
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
    return [
      layer.name,
      { ...(least === null ? {} : { least }), ...(most === null ? {} : { most }) },
    ] as const;
  });
  return Object.fromEntries(entries);
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

/** Adds bounds of single layers' ranks, and how they are split. */
export function withBounds(command: Command): Command {
  return command
    .option('--rank <layer=rank...>', 'fix the rank of these layers')
    .option(
      '--factorisation <layer=kind...>',
      `how these convolutions are split: ${factorisationChoices.join(', ')}; automatic is what keeps more of the kernel at equal cost`,
    )
    .option(
      '--bound <layer=least..most...>',
      'keep the rank of these layers between two, of which one may be left out',
    );
}

/** The bounds that were given. */
export function boundsOf({ rank = [], bound = [] }: { readonly rank?: string[]; readonly bound?: string[] }) {
  return [...rank.map(parseRank), ...bound.map(parseBound)];
}
