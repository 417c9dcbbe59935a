// What came of a form, at the head of the page that follows it.

/** What a form could not do, in words, and what to do about it. */
export interface FormFault {
  readonly detail: string;
  readonly fix: string;
}

/** Announced, since the page that follows a form looks much like the one before. */
export function Done({ words }: { readonly words: string | null }) {
  if (words === null) return null;
  return (
    <p class="sheet done" role="status" dir="auto">
      {words}
    </p>
  );
}

interface FaultProps {
  readonly fault: FormFault | null;
  /** Above a form that is not as wide as the page. */
  readonly narrow?: boolean;
}

/** Takes the focus: whoever sent the form is told first why it did nothing. */
export function Fault({ fault, narrow = false }: FaultProps) {
  if (fault === null) return null;
  return (
    <div class={narrow ? "sheet fault narrow" : "sheet fault"} role="alert" tabindex={-1} autofocus>
      <div class="pad">
        <h2>{fault.detail}</h2>
        <p>{fault.fix}</p>
      </div>
    </div>
  );
}
