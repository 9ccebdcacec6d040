/**
 * Lists the toys in the registries, in whichever thread loads this file: the process of the command line, and each
 * of its compute threads, by `--import`.
 */
import { methods } from '../../src/compression/methods';
import { backgroundJobs, jobEntry } from '../../src/project/jobs';
import { runs } from '../../workers/runs';
import { brightnessJob } from './brightness';
import { brightnessRun } from './brightnessRun';
import { even } from './even';

methods.add(even);
backgroundJobs.add(jobEntry(brightnessJob));
runs.add(brightnessRun);
