import type { MethodLook } from '../../model/methods';

/** A method's mark beside its name. */
export function MethodMark({ look }: { readonly look: Pick<MethodLook, 'mark' | 'colour'> }) {
  return (
    <svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">
      <path d={look.mark} fill={`var(${look.colour})`} />
    </svg>
  );
}
