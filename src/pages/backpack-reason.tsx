// Why something did not go through, and who can do something about it.

/** Why something did not go through, in our words. */
export interface Reason {
  readonly words: string;
  /** Who can do something about it; null where the words have said it. */
  readonly who: string | null;
}

export function Why({ reason: { words, who } }: { readonly reason: Reason }) {
  return (
    <p dir="auto">
      {words} {who === null ? null : <span class="soft">{who}</span>}
    </p>
  );
}
