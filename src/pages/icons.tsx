// The few drawings the pages use: one sign for each verdict, so that colour never speaks alone.
import type { Child } from "hono/jsx";

function Sign({ children }: { children: Child }) {
  return (
    <svg
      class="sign"
      viewBox="0 0 24 24"
      width="32"
      height="32"
      fill="none"
      stroke="currentColor"
      stroke-width="2.25"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export function ValidSign() {
  return (
    <Sign>
      <circle cx="12" cy="12" r="9.75" />
      <path d="m7.5 12.5 3 3 6-6.75" />
    </Sign>
  );
}

export function ExpiredSign() {
  return (
    <Sign>
      <path d="M6.5 2.5h11M6.5 21.5h11M8 2.5v3.75c0 2.75 4 3.75 4 5.75s-4 3-4 5.75v3.75M16 2.5v3.75c0 2.75-4 3.75-4 5.75s4 3 4 5.75v3.75" />
    </Sign>
  );
}

export function RevokedSign() {
  return (
    <Sign>
      <path d="M8 2.25h8L21.75 8v8L16 21.75H8L2.25 16V8Z" />
      <path d="m8.75 8.75 6.5 6.5M15.25 8.75l-6.5 6.5" />
    </Sign>
  );
}

export function HiddenSign() {
  return (
    <Sign>
      <rect x="4" y="10.5" width="16" height="11" rx="2" />
      <path d="M7.75 10.5V7a4.25 4.25 0 0 1 8.5 0v3.5M12 15v2.5" />
    </Sign>
  );
}

export function UnknownSign() {
  return (
    <Sign>
      <circle cx="12" cy="12" r="9.75" />
      <path d="M9 9.5a3 3 0 1 1 4.5 2.6c-.95.55-1.5 1.1-1.5 2.15M12 17.4v.1" />
    </Sign>
  );
}

/** On its way, or waiting for its time. */
export function WaitingSign() {
  return (
    <Sign>
      <circle cx="12" cy="12" r="9.75" />
      <path d="M12 6.5V12l3.75 2.25" />
    </Sign>
  );
}

/** Nothing has happened yet. */
export function EmptySign() {
  return (
    <Sign>
      <circle cx="12" cy="12" r="9.75" stroke-dasharray="3.5 4.15" />
    </Sign>
  );
}

const PETALS =
  "M16 2.5a4.5 4.5 0 0 1 4.2 2.9 4.5 4.5 0 0 1 6.4 6.4 4.5 4.5 0 0 1 0 8.4 4.5 4.5 0 0 1-6.4 6.4 4.5 4.5 0 0 1-8.4 0 4.5 4.5 0 0 1-6.4-6.4 4.5 4.5 0 0 1 0-8.4 4.5 4.5 0 0 1 6.4-6.4A4.5 4.5 0 0 1 16 2.5Z";

/** The product's own mark. */
export function RosetteMark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <path fill="currentColor" d={PETALS} />
      <circle class="eye" cx="16" cy="16" r="5" />
    </svg>
  );
}

/** The same mark as a file, for the browser's tab. */
export const ICON_SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#1f4fbf" d="${PETALS}"/><circle cx="16" cy="16" r="5" fill="#fff"/></svg>`;
