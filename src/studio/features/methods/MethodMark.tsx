import type { MethodLook } from '../../model/methods';

/** The mark of a method in a 16 × 16 box centred on 0: its shape tells it apart where colour does not. */
export const markPaths: Readonly<Record<MethodLook['mark'], string>> = {
  circle: 'M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z',
  diamond: 'M0 -5.8L5.8 0L0 5.8L-5.8 0z',
  triangle: 'M0 -5.4L5.4 4.4L-5.4 4.4z',
  square: 'M-4.4 -4.4h8.8v8.8h-8.8z',
};

/** A method's mark beside its name. */
export function MethodMark({ look }: { readonly look: Pick<MethodLook, 'mark' | 'colour'> }) {
  return (
    <svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">
      <path d={markPaths[look.mark]} fill={`var(${look.colour})`} />
    </svg>
  );
}
