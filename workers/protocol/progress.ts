/** What a long job is doing. `done` and `total` count the stage's own unit. */
export type Progress =
  | { readonly stage: 'reading'; readonly done: number; readonly total: number; readonly unit: 'files' }
  | { readonly stage: 'factorising'; readonly done: number; readonly total: number; readonly unit: 'layers' }
  | { readonly stage: 'evaluating'; readonly done: number; readonly total: number; readonly unit: 'images' }
  | { readonly stage: 'sweeping'; readonly done: number; readonly total: number; readonly unit: 'points' }
  | { readonly stage: 'racing'; readonly done: number; readonly total: number; readonly unit: 'candidates' }
  | { readonly stage: 'measuring'; readonly done: number; readonly total: number; readonly unit: 'plans' }
  | { readonly stage: 'repairing'; readonly done: number; readonly total: number; readonly unit: 'layers' }
  | { readonly stage: 'exporting'; readonly done: number; readonly total: number; readonly unit: 'steps' };

export type OnProgress = (progress: Progress) => void;
