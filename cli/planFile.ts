import { readFile } from 'node:fs/promises';
import { fail } from '../src/network/failure';
import { readPlan, type PlanFile } from '../src/project/planFiles';
import type { Workspace } from './workspace';

/** Reads the file of `--ranks`. @throws FailureError `unreadable-file` where it is none, or is damaged */
export async function readPlanFile(path: string): Promise<PlanFile> {
  const text = await readFile(path, 'utf8').catch(() =>
    fail('unreadable-file', `${path}: expected a JSON file, found none; check the path.`),
  );
  return readPlan(text, path);
}

/** @throws FailureError `invalid-request` where the file's recipe is of another network */
export function requireOwn({ network }: Workspace, { recipe }: PlanFile, path: string): void {
  if (recipe && recipe.network !== network.fingerprint)
    fail(
      'invalid-request',
      `${path}: expected a recipe of this network, found one of another (fingerprint ${recipe.network}); give the file that the plan was made for.`,
    );
}
