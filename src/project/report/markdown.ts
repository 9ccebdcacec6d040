import type { Block, Report } from './blocks';

/** A report as Markdown; figures stand in it as data. */
export function reportMarkdown({ title, blocks }: Report): string {
  return `${[`# ${escaped(title)}`, ...blocks.map(blockText)].join('\n\n')}\n`;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `## ${escaped(block.text)}`;
    case 'text':
      return escaped(block.text);
    case 'command':
      return fenced(block.text);
    case 'facts':
      return tableText(['', ''], block.rows, '---');
    case 'table':
      return tableText(block.head, block.rows, '---:');
    case 'figure':
      return `![${escaped(block.caption)}](data:image/svg+xml;base64,${base64(block.svg)})`;
  }
}

function tableText(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  others: '---' | '---:',
): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  const rule = `| ${head.map((_, index) => (index === 0 ? '---' : others)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** Between more backticks in a row than the text has. */
function fenced(text: string): string {
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}sh\n${text}\n${fence}`;
}

/** Names come from files: nothing in them is markup. */
function escaped(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\`*_[\]#|<>~]/g, (character) => `\\${character}`);
}

function base64(text: string): string {
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}
