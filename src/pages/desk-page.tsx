// A page of an organization's administration: what it is called, and what it is for, above its parts.
import type { Child } from "hono/jsx";
import { type Account, accountPage, type Place } from "./account.tsx";
import type { Speaker } from "./words/speak.tsx";

interface DeskPageProps {
  readonly t: Speaker<"title" | "lead">;
  readonly account: Account;
  readonly place: Place;
  /** What the lead's tags are, beside the organization's name. */
  readonly tags?: Readonly<Record<string, (inside: Child) => Child>>;
  /** What is done from here more than anything else, beneath the lead. */
  readonly doors?: Child;
  readonly children: Child;
}

/** A whole HTML document, as `accountPage` makes them. */
export function deskPage({ t, account, place, tags, doors = null, children }: DeskPageProps) {
  return accountPage({
    title: t("title"),
    account,
    place,
    children: (
      <>
        <div class="intro">
          <h1>{t("title")}</h1>
          <p class="lead">
            {t.rich("lead", {
              organization: <bdi>{account.organization?.name ?? ""}</bdi>,
              ...tags,
            })}
          </p>
          {doors}
        </div>
        {children}
      </>
    ),
  });
}
