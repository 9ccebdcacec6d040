/** How the text of charts looks. */
export const ink = { fill: 'var(--text-second)', fontSize: 12 } as const;

/** How the axes of charts look, beside what they measure. */
export const axisLook = {
  type: 'number' as const,
  stroke: 'var(--line-strong)',
  tick: { fill: 'var(--text-third)', fontSize: 12 },
};
