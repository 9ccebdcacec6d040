/** A part of a report, whatever it is written as. Texts are plain: who writes them escapes them. */
export type Block =
  | { readonly kind: 'heading' | 'text' | 'command'; readonly text: string }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [name: string, value: string])[] }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      /** As many cells as the head has. Columns behind the first hold numbers. */
      readonly rows: readonly (readonly string[])[];
    }
  | {
      readonly kind: 'figure';
      /** What it shows, in a sentence. */
      readonly caption: string;
      readonly svg: string;
    };

/** A report, from its title on. */
export interface Report {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** A text as HTML and SVG take it, in content and in attributes. */
export function escapedMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
