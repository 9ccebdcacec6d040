import { artefactKey, isOf, type Artefact } from '../protocol/artefacts';

/** Everything that threads hold, for those that come later. */
export class Ledger {
  private readonly artefacts = new Map<string, Artefact>();

  /**
   * In an order in which they may be put: what belongs to a network comes after it. What is entered while somebody
   * walks along comes up, too.
   */
  get all(): Iterable<Artefact> {
    return this.artefacts.values();
  }

  /** @returns whether there was none of the name */
  enter(artefact: Artefact): boolean {
    const key = artefactKey(artefact);
    const isNew = !this.artefacts.has(key);
    // A network opened again is the same network, and stays before what belongs to it.
    if (artefact.kind === 'network' && !isNew) return false;
    // Behind all others, so that whoever has passed its former place meets it again.
    this.artefacts.delete(key);
    this.artefacts.set(key, artefact);
    return isNew;
  }

  /** Takes out, and answers, what belongs to something that was closed, and is open under no other name. */
  close(closed: ReadonlySet<string>, open: ReadonlySet<string>): readonly Artefact[] {
    const isDone = (artefact: Artefact) => isOf(artefact, closed) && !isOf(artefact, open);
    return this.takeOut([...this.artefacts.values()].filter(isDone));
  }

  /** Takes out, and answers, the oldest of what can be made again, where there is more of it than that. */
  keepNewest(count: number): readonly Artefact[] {
    const repeatable = [...this.artefacts.values()].filter(
      (artefact) => artefact.kind === 'patches' && artefact.isRepeatable,
    );
    return this.takeOut(repeatable.slice(0, Math.max(0, repeatable.length - count)));
  }

  private takeOut(artefacts: readonly Artefact[]): readonly Artefact[] {
    for (const artefact of artefacts) this.strike(artefact);
    return artefacts;
  }

  /** Takes out what the threads could not take. */
  strike(artefact: Artefact): void {
    this.artefacts.delete(artefactKey(artefact));
  }
}
