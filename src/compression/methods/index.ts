import { createRegistry } from '../../network/registry';
import { infMethod } from './inf';
import { map } from './map';
import type { SelectionMethod } from './method';
import { model } from './model';
import { uniform } from './uniform';

/** Every selection method, in the order in which it is offered. */
export const methods = createRegistry<SelectionMethod>('method', [uniform, map, model]);
methods.add(infMethod(() => methods.all));

/** The methods that look at curves alone. */
export function curveMethods(): readonly SelectionMethod[] {
  return methods.all.filter(({ needs }) => !needs.images);
}

/** The methods whose candidates are raced on selection images. */
export function racedMethods(): readonly SelectionMethod[] {
  return methods.all.filter(({ needs }) => needs.images);
}
