import { escapedMarkup, type Block, type Report } from './blocks';

const style = `
  :root { color-scheme: light; font: 15px/1.5 system-ui, sans-serif; color: #17191d; background: #fff; }
  body { max-width: 860px; margin: 40px auto; padding: 0 20px; }
  h1 { font-size: 26px; line-height: 1.2; } h2 { margin: 34px 0 10px; font-size: 18px; }
  table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
  th, td { padding: 5px 10px 5px 0; border-bottom: 1px solid #e2e2dd; text-align: left; vertical-align: top; }
  th { font-weight: 600; } .numbers td:not(:first-child), .numbers th:not(:first-child) { text-align: right; }
  .facts th { width: 210px; font-weight: 400; color: #4c5057; } .scroll { overflow-x: auto; }
  figure { margin: 14px 0; } figure svg { width: 100%; height: auto; } figcaption { color: #4c5057; }
  pre { padding: 12px 14px; background: #f1f1ee; white-space: pre-wrap; overflow-wrap: anywhere; }
`;

/** A report as one HTML file that carries no script and asks for nothing, so that it opens from a disk or a mail. */
export function reportHtml({ title, blocks }: Report): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapedMarkup(title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    `<h1>${escapedMarkup(title)}</h1>`,
    ...blocks.map(blockHtml),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h2>${escapedMarkup(block.text)}</h2>`;
    case 'text':
      return `<p>${escapedMarkup(block.text)}</p>`;
    case 'command':
      return `<pre>${escapedMarkup(block.text)}</pre>`;
    case 'facts':
      return `<table class="facts">${block.rows.map(([name, value]) => rowHtml('th', [name], [value])).join('')}</table>`;
    case 'table': {
      const head = `<thead>${rowHtml('th', block.head)}</thead>`;
      const body = block.rows.map(([first = '', ...others]) => rowHtml('th', [first], others)).join('');
      return `<div class="scroll"><table class="numbers">${head}<tbody>${body}</tbody></table></div>`;
    }
    case 'figure':
      return `<figure>${block.svg}<figcaption>${escapedMarkup(block.caption)}</figcaption></figure>`;
  }
}

function rowHtml(tag: string, headers: readonly string[], cells: readonly string[] = []): string {
  const own = headers.map(
    (text) => `<${tag} scope="${cells.length > 0 ? 'row' : 'col'}">${escapedMarkup(text)}</${tag}>`,
  );
  return `<tr>${own.join('')}${cells.map((text) => `<td>${escapedMarkup(text)}</td>`).join('')}</tr>`;
}
