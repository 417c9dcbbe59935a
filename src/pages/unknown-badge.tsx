// What is shown where no award has the address: the likely reasons, and what to do.
import { layout } from "./layout.tsx";

export function unknownBadgePage() {
  return layout({
    title: "Unknown: no badge at this address",
    noindex: true,
    children: (
      <div class="sheet">
        <div class="pad stack">
          <h1>There is no badge at this address</h1>
          <p>
            This server has no record of such an award, so nothing can be said about it. That is not
            the same as a revoked badge, which would be named here.
          </p>
          <h2>What to do</h2>
          <ul class="plain-list">
            <li>
              Compare the address with the one you were given: it ends in 40 letters and digits, and
              mail programs like to cut it.
            </li>
            <li>Ask the holder for the link again, or for the badge’s file.</li>
            <li>
              If a person or a file insists on this address, treat the badge as not confirmed and
              ask the issuer.
            </li>
          </ul>
        </div>
      </div>
    ),
  });
}
