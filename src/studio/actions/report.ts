import type { GivenWords } from '../../project/report/command';
import { reportHtml } from '../../project/report/html';
import { reportMarkdown } from '../../project/report/markdown';
import { reportOf } from '../../project/report/report';
import type { StudioState } from '../store/state';
import { handOver } from '../browser/handOver';

/** Forms of a report. */
export type ReportFormat = 'html' | 'md';

const forms = {
  html: { write: reportHtml, type: 'text/html' },
  md: { write: reportMarkdown, type: 'text/markdown' },
} as const;

/** Hands a report of what is known now to the browser; nothing before there are plans. */
export function downloadReport(state: StudioState, format: ReportFormat): void {
  const context = {
    version: import.meta.env['VITE_STUDIO_VERSION'] as string,
    madeAt: new Date(),
    given: sampleWords(state),
  };
  const report = reportOf(state, context);
  if (!report) return;
  const { write, type } = forms[format];
  handOver(new Blob([write(report)], { type }), `${state.network?.title ?? 'network'}-report.${format}`);
}

/** A built-in sample by its name for the command line, with its own images; null for a person's files. */
function sampleWords({ network, images, tuning, samples }: StudioState): GivenWords | null {
  const name = network && samples.opened[network.summary.fingerprint];
  if (!name || images?.fingerprint !== samples.images) return null;
  const words = [`sample:${name}`];
  return { network: words, data: words, calibration: tuning ? words : [] };
}
