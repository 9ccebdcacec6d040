import { extensionModules, loadModules } from './extensions';
import { endingOf } from './failing';
import { createProgram } from './program';

try {
  await loadModules(extensionModules());
  await createProgram().parseAsync();
} catch (error) {
  const { status, stdout, stderr } = endingOf(error, process.argv.includes('--json'));
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = status;
}
