// What is shown of an award that was purged with its badge: that it was there, and nothing of it.
import { layout } from "./layout.tsx";

export function removedBadgePage() {
  return layout({
    title: "Removed: this badge is gone",
    noindex: true,
    children: (
      <div class="sheet">
        <div class="pad stack">
          <h1>This badge was removed by its issuer</h1>
          <p>
            A badge was issued at this address, and its issuer has since removed it for good. It no
            longer stands: whoever shows it shows something that was taken back.
          </p>
          <h2>What to do</h2>
          <ul class="plain-list">
            <li>Do not rely on it, nor on a file of it.</li>
            <li>If it was yours, ask the issuer why, and whether another badge takes its place.</li>
          </ul>
        </div>
      </div>
    ),
  });
}
