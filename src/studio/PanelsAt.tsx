import { panelsAt, type Place } from './panels';

/** The panels of one place, with nothing around them. */
export function PanelsAt({ place }: { readonly place: Place }) {
  return panelsAt(place).map(({ id, Component }) => <Component key={id} />);
}
