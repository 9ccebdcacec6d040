import { extensionModules, loadModules } from './extensions';
import { endingOf } from './failing';
import { endWhenInterrupted } from './interrupting';
import { createProgram } from './program';

const asJson = process.argv.includes('--json');
endWhenInterrupted(asJson);
try {
  await loadModules(extensionModules());
  await createProgram().parseAsync();
} catch (error) {
  const { status, stdout, stderr } = endingOf(error, asJson);
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = status;
}
