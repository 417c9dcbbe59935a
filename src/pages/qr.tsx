// A QR code as one outline.
import { encode } from "uqr";

/** Light modules around the code that readers need (ISO/IEC 18004, section 6.3.8). */
const QUIET_ZONE = 4;

/** Draws runs of dark modules as bars, row by row. */
function outline(rows: readonly (readonly boolean[])[]): string {
  let path = "";
  for (const [y, row] of rows.entries()) {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue;
      const start = x;
      while (row[x + 1]) x++;
      path += `M${start} ${y}h${x - start + 1}v1h-${x - start + 1}z`;
    }
  }
  return path;
}

/** Modules are drawn once in a document, where it is needed first, and shown again from there. */
const MODULES = "qr-modules";

export interface Qr {
  readonly outline: string;
  /** Modules on a side, quiet zone included. */
  readonly size: number;
}

/** Choosing the best of the eight masks makes this the dearest part of a page: once is enough. */
export function qrOf(text: string): Qr {
  const { data, size } = encode(text, { ecc: "M", border: QUIET_ZONE });
  return { outline: outline(data), size };
}

/** Dark on white in every colour scheme: inverted codes are not read by every phone. */
export function QrCode({ qr, label, again }: { qr: Qr; label: string; again?: boolean }) {
  const { size } = qr;
  return (
    <svg
      class="qr"
      viewBox={`0 0 ${size} ${size}`}
      width="232"
      height="232"
      role="img"
      aria-label={label}
      shape-rendering="crispEdges"
    >
      <path fill="#fff" d={`M0 0h${size}v${size}H0z`} />
      {again ? <use href={`#${MODULES}`} /> : <path id={MODULES} fill="#000" d={qr.outline} />}
    </svg>
  );
}
