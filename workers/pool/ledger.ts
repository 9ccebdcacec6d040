import { artefactKey, type Artefact } from '../protocol/artefacts';

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

  /** Takes out what the threads could not take. */
  strike(artefact: Artefact): void {
    this.artefacts.delete(artefactKey(artefact));
  }
}
