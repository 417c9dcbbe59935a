// Work that several hands do side by side, with its results in the order of what was given.

/** Results that each hand may have ready before the first one is there. */
const AHEAD_EACH = 8;

/**
 * The result of each item, in order. Every hand works on one item at a time and takes the next that
 * nobody has; one named twice works on two. Throws what a hand throws.
 */
export async function* inOrder<T, R>(
  items: Iterable<T>,
  hands: readonly ((item: T) => Promise<R>)[],
): AsyncGenerator<R> {
  const rest = items[Symbol.iterator]();
  const ahead: Promise<R>[] = [];
  let idle = [...hands];
  const begin = (hand: (item: T) => Promise<R>) => {
    if (ahead.length >= hands.length * AHEAD_EACH) return void idle.push(hand);
    const next = rest.next();
    if (next.done) return;
    const working = hand(next.value);
    ahead.push(working);
    // Failing, too, is told in its turn: until then it must not end the program.
    working.then(
      () => begin(hand),
      () => {},
    );
  };
  const beginIdle = () => {
    const waiting = idle;
    idle = [];
    for (const hand of waiting) begin(hand);
  };
  beginIdle();
  for (let first = ahead[0]; first !== undefined; first = ahead[0]) {
    const result = await first;
    void ahead.shift();
    beginIdle();
    yield result;
  }
}

/** Lists of so many items, the last one of what is left. */
export function* partsOf<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
