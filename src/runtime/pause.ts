// Rests between pieces of long work.

/** For no time at all it is a turn of the event loop: everybody else has theirs, and no millisecond goes by. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    if (milliseconds > 0) setTimeout(resolve, milliseconds);
    else setImmediate(resolve);
  });
}
