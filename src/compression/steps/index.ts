import { createRegistry } from '../../network/registry';
import { distil } from './distil';
import { quantise } from './quantise';
import { refit } from './refit';
import { repair } from './repair';

/** Every kind of step. */
export const steps = createRegistry('step', [repair, refit, distil, quantise]);
