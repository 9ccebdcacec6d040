import { sweepKind } from '../protocol/sweep';
import { defineJob } from './job';
import { runSweep } from './sweepCourse';

/** Runs a sweep over the threads. */
export const sweepJob = defineJob(sweepKind, (pool, request, tools) => runSweep(pool, request, tools));
