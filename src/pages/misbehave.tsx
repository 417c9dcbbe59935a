// The demo backpack's own page: how it is to misbehave, and what was asked of it last.
import type { Deed, Fault, Place } from "../simulator/faults.ts";
import type { Mischief, Seen } from "../simulator/misbehaviour.ts";
import { Done } from "./form-outcome.tsx";
import { layout } from "./layout.tsx";
import { Minute } from "./time.tsx";

export const MISBEHAVE_PATH = "/dev/backpack";

export interface MisbehavePageProps {
  readonly faults: Readonly<Record<Fault, string>>;
  readonly places: Readonly<Record<Place, string>>;
  readonly deeds: Readonly<Record<Deed, string>>;
  readonly mischief: Mischief | null;
  readonly seen: readonly Seen[];
  /** What was just done; null when the page was only opened. */
  readonly done: string | null;
}

export function misbehavePage(props: MisbehavePageProps) {
  const { mischief, done } = props;
  return layout({
    title: "Demo backpack",
    noindex: true,
    children: (
      <>
        <div class="intro">
          <h1>A backpack to try things out with</h1>
          <p class="lead">
            It keeps badges as any backpack does. Here it can be told to misbehave, so that you see
            how a connection recovers.
          </p>
        </div>
        <p class="lead">
          <a href="/dev/as/noor?next=/me/apps">Sign in as Noor</a> to see which apps may use her
          badges here, and to end their access.
        </p>
        <Done words={done} />
        <section class="band" aria-labelledby="now">
          <h2 id="now">{mischief === null ? "It behaves well" : "It misbehaves"}</h2>
          {mischief === null ? null : (
            <p>
              {mischief.faults.map((fault) => props.faults[fault]).join("; ")}, for{" "}
              {props.places[mischief.place]}, {often(mischief)}.
            </p>
          )}
          <MischiefForm {...props} />
        </section>
        <section class="band" aria-labelledby="once">
          <h2 id="once">Done once</h2>
          <form class="sheet pad form" method="post" action={MISBEHAVE_PATH}>
            {Object.entries(props.deeds).map(([deed, words]) => (
              <button class="btn" type="submit" name="deed" value={deed}>
                {words}
              </button>
            ))}
          </form>
        </section>
        <section class="band" aria-labelledby="seen">
          <h2 id="seen">What was asked of it</h2>
          {props.seen.length === 0 ? <p>Nothing yet.</p> : <SeenList {...props} />}
        </section>
      </>
    ),
  });
}

function often({ share, times }: Mischief): string {
  if (times === 1) return "for the next request";
  return share === 1 ? "every time" : `${Math.round(share * 10)} times in 10`;
}

function MischiefForm({ faults, places, mischief }: MisbehavePageProps) {
  return (
    <form class="sheet pad form" method="post" action={MISBEHAVE_PATH}>
      <div>
        <label for="fault">What it does</label>
        <select id="fault" name="fault">
          <option value="">Behaves well</option>
          {Object.entries(faults).map(([fault, words]) => (
            <option value={fault} selected={mischief?.faults[0] === fault}>
              {words}
            </option>
          ))}
        </select>
      </div>
      <div>
        <label for="place">When it is asked for</label>
        <select id="place" name="place">
          {Object.entries(places).map(([place, words]) => (
            <option value={place} selected={mischief?.place === place}>
              {words}
            </option>
          ))}
        </select>
      </div>
      <div>
        <label for="often">How often</label>
        <select id="often" name="often">
          <option value="always">Every time</option>
          <option value="once">The next time only</option>
          <option value="sometimes">3 times in 10</option>
        </select>
      </div>
      <button class="btn first" type="submit">
        Do this from now on
      </button>
    </form>
  );
}

function SeenList({ seen, faults }: MisbehavePageProps) {
  return (
    <ul class="items">
      {seen.map(({ at, method, path, status, fault }) => (
        <li>
          <p>
            <code>
              {method} {path}
            </code>
          </p>
          <p class="soft small">
            <Minute at={at} /> · {status ?? "no answer"}
            {fault === null ? "" : ` · ${faults[fault]}`}
          </p>
        </li>
      ))}
    </ul>
  );
}
