/** Lists and objects inside one another, in any file that is read here; models in models take six levels each. */
const deepest = 128;
/** What is found in such a text. */
export const tooDeep = `lists and objects more than ${deepest} deep in one another`;

/**
 * Parses JSON whose lists and objects do not lie too deep inside one another for those who walk through them: whoever
 * walks by calling itself runs out of stack in what a small file can hold.
 *
 * @throws SyntaxError where it is no JSON, or deeper than 128 levels
 */
export function parseShallowJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (isDeeper(text)) throw new SyntaxError(tooDeep);
  return value;
}

/** Character by character: a pattern that repeats a choice runs out of stack on long texts. */
function isDeeper(text: string): boolean {
  let depth = 0;
  let isInText = false;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (isInText) {
      if (sign === '\\') at++;
      else if (sign === '"') isInText = false;
    } else if (sign === '"') isInText = true;
    else if (sign === '[' || sign === '{') depth++;
    else if (sign === ']' || sign === '}') depth--;
    if (depth > deepest) return true;
  }
  return false;
}
