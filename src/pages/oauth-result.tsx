// On the way to a backpack and back: where the browser goes next, or why it goes no further.
import { BACKPACKS_PATH, backpackPath } from "./backpack-connect.tsx";
import { layout } from "./layout.tsx";
import { hostOf } from "./web-address.ts";

export interface LeavingPageProps {
  /** The authorization endpoint with the request. */
  readonly url: string;
  /** The backpack's own site, where people consent at another one than that; else null. */
  readonly elsewhere: string | null;
}

/** Leads on by itself unless it is to another site; the link is for browsers that do not follow. */
export function leavingPage({ url, elsewhere }: LeavingPageProps) {
  const host = hostOf(url);
  return layout({
    title: `On to ${host}`,
    noindex: true,
    children: (
      <div class="sheet">
        <div class="pad stack">
          <h1>
            On to <bdi>{host}</bdi>
          </h1>
          {elsewhere === null ? (
            <p>You are asked there what you allow, and led back here. It takes a moment.</p>
          ) : (
            <p>
              The backpack is at <bdi>{hostOf(elsewhere)}</bdi>, and has people sign in and allow
              access at <bdi>{host}</bdi>. Go on if that is what you expect; else close this page,
              and nothing is connected.
            </p>
          )}
          <p>
            <a class="btn" href={url} rel="noreferrer">
              <span>
                Go to <bdi>{host}</bdi>
              </span>
            </a>
          </p>
        </div>
      </div>
    ),
  });
}

export interface RefusedPageProps {
  readonly title: string;
  /** What happened this time. */
  readonly detail: string;
  readonly who: string;
  readonly fix: string;
  readonly code: string;
  /** Null where nobody is signed in, or there is no such backpack. */
  readonly backpackId: string | null;
  readonly signedIn: boolean;
}

export function refusedPage(props: RefusedPageProps) {
  const { title, detail, who, fix, code, backpackId, signedIn } = props;
  return layout({
    title,
    noindex: true,
    children: (
      <div class="sheet">
        <div class="pad stack">
          <p class="kind">Not connected</p>
          <h1>{title}</h1>
          <p dir="auto">{detail}</p>
          <h2>What to do</h2>
          <p>{fix}</p>
          <p>{who}</p>
          <p>
            {signedIn ? (
              <a class="btn" href={backpackId === null ? BACKPACKS_PATH : backpackPath(backpackId)}>
                {backpackId === null ? "Your backpacks" : "Back to this backpack"}
              </a>
            ) : (
              <a class="btn" href={`/login?next=${encodeURIComponent(BACKPACKS_PATH)}`}>
                Sign in
              </a>
            )}
          </p>
          <p class="soft small">
            Reason: <code>{code}</code>
          </p>
        </div>
      </div>
    ),
  });
}
