interface Entry<T> {
  readonly priority: number;
  /** Order of arrival, which decides between equals so that results never depend on the heap's shape. */
  readonly sequence: number;
  readonly item: T;
}

/**
 * A binary heap that hands out the greatest priority first, and of equals the one pushed last, so that a search
 * goes deeper before it goes wider.
 */
export class BestFirstQueue<T> {
  private readonly heap: Entry<T>[] = [];
  private pushed = 0;

  push(priority: number, item: T): void {
    const { heap } = this;
    let index = heap.push({ priority, sequence: this.pushed++, item }) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(heap[index], heap[parent])) break;
      swap(heap, index, parent);
      index = parent;
    }
  }

  pop(): T | undefined {
    const { heap } = this;
    const top = heap[0];
    const last = heap.pop();
    if (!top || !last) return undefined;
    if (heap.length > 0) {
      heap[0] = last;
      this.sink(0);
    }
    return top.item;
  }

  private sink(start: number): void {
    const { heap } = this;
    let index = start;
    for (;;) {
      let first = index;
      for (const child of [2 * index + 1, 2 * index + 2]) {
        if (child < heap.length && isBefore(heap[child], heap[first])) first = child;
      }
      if (first === index) return;
      swap(heap, index, first);
      index = first;
    }
  }
}

function isBefore<T>(a: Entry<T>, b: Entry<T>): boolean {
  return a.priority > b.priority || (a.priority === b.priority && a.sequence > b.sequence);
}

function swap<T>(heap: T[], a: number, b: number): void {
  [heap[a], heap[b]] = [heap[b], heap[a]];
}
