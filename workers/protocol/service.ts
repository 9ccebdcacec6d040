/** The types that page and command line took from here before the protocol had a file for each. */
export type { Answers } from './evaluate';
export type { ExportedNetwork, RuntimeVerdict } from './export';
export type { ImageSelection } from './selection';
export type { ImagesSummary, NetworkSummary } from './summaries';
