import { FailureError } from '../src/network/failure';
import { extensionModules, loadModules } from './extensions';
import { createProgram } from './program';

try {
  await loadModules(extensionModules());
  await createProgram().parseAsync();
} catch (error) {
  // A failure is a sentence for a person; anything else is a bug and shows where it happened.
  process.stderr.write(
    `${error instanceof FailureError ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  );
  process.exitCode = 1;
}
