/** The name itself, or with the first number behind it that makes it unused; marks it as taken. */
export function unusedName(name: string, taken: Set<string>): string {
  let unused = name;
  for (let count = 2; taken.has(unused); count++) unused = `${name}${count}`;
  taken.add(unused);
  return unused;
}
