import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A place in the source that refuses something, and what it says. */
export interface RefusalSite {
  /** From the repository's root. */
  readonly file: string;
  /** The sentence, with … for whatever is put in. */
  readonly template: string;
  /** `sentence` for what a person reads as it stands, `reason` for why one layer cannot be computed. */
  readonly kind: 'sentence' | 'reason';
}

/** Functions that refuse, with the place of the sentence among their arguments. */
const refusing: Readonly<Record<string, { readonly argument: number; readonly kind: RefusalSite['kind'] }>> =
  {
    fail: { argument: 1, kind: 'sentence' },
    FailureError: { argument: 1, kind: 'sentence' },
    cannot: { argument: 0, kind: 'reason' },
    CannotCompute: { argument: 0, kind: 'reason' },
  };

const roots = ['src', 'workers', 'cli'];

/** Every place that refuses, once each, in the order of files and lines. */
export function refusalSites(root: string): readonly RefusalSite[] {
  const files = roots
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
        join(folder, file),
      ),
    )
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.|\/testing\/|\/toys\//.test(file))
    .sort();
  const sites = files.flatMap((file) => sitesOf(file, readFileSync(join(root, file), 'utf8')));
  return [...new Map(sites.map((site) => [`${site.file} ${site.template}`, site])).values()];
}

function sitesOf(file: string, text: string): RefusalSite[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const sites: RefusalSite[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const known = ts.isIdentifier(node.expression) ? refusing[node.expression.text] : undefined;
      const message = known && node.arguments?.[known.argument];
      if (known && message) {
        for (const template of templatesOf(message)) {
          // What only hands on what another place says is none.
          if (/\p{L}{3}/u.test(template)) sites.push({ file, template, kind: known.kind });
        }
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return sites;
}

const open = '…';

/** The texts that an expression can be, with … for what is known only while the program runs. */
function templatesOf(node: ts.Expression, depth = 0): readonly string[] {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [node.text];
  if (ts.isParenthesizedExpression(node)) return templatesOf(node.expression, depth);
  if (ts.isTemplateExpression(node)) {
    const parts = node.templateSpans.map(({ expression, literal }) => ({
      value: partOf(expression, depth),
      literal: literal.text,
    }));
    return [parts.reduce((sum, { value, literal }) => sum + value + literal, node.head.text)];
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return [partOf(node.left, depth) + partOf(node.right, depth)];
  if (ts.isConditionalExpression(node) && depth === 0)
    return [...templatesOf(node.whenTrue, 1), ...templatesOf(node.whenFalse, 1)];
  const value = ts.isIdentifier(node) ? constantOf(node) : null;
  return value && depth < 4 ? templatesOf(value, depth + 1) : [open];
}

/** A part of a sentence: one text, or …. */
function partOf(node: ts.Expression, depth: number): string {
  const texts = depth < 4 ? templatesOf(node, depth + 1) : [open];
  return texts.length === 1 ? texts[0]! : open;
}

/** What a name stands for: the nearest `const` of its name in a block around. */
function constantOf(name: ts.Identifier): ts.Expression | null {
  for (let scope: ts.Node | undefined = name.parent; scope; scope = scope.parent) {
    if (!ts.isBlock(scope) && !ts.isSourceFile(scope)) continue;
    for (const statement of scope.statements) {
      if (!ts.isVariableStatement(statement) || !(statement.declarationList.flags & ts.NodeFlags.Const))
        continue;
      const declared = statement.declarationList.declarations.find(
        (declaration) => ts.isIdentifier(declaration.name) && declaration.name.text === name.text,
      );
      if (declared?.initializer) return declared.initializer;
    }
  }
  return null;
}

/** Whether a sentence is one that a site's template gives. */
export function isOf({ template }: RefusalSite, sentence: string): boolean {
  const pattern = template
    .split(open)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[\\s\\S]*?');
  return new RegExp(`^${pattern}$`).test(sentence);
}
