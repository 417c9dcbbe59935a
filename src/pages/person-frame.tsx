// What the pages about one person have in common: who it is, how they stand here, and the tabs.
import type { Child } from "hono/jsx";
import { type Account, accountPage } from "./account.tsx";
import { Done } from "./form-outcome.tsx";
import { PEOPLE_PATH, personPath, roleWords, type ShownPerson } from "./people.tsx";
import { Tabs } from "./tabs.tsx";
import { PEOPLE } from "./words/people.ts";
import { speaker } from "./words/speak.tsx";

interface PersonFrameProps {
  readonly account: Account;
  readonly person: ShownPerson;
  /** What the tab's address ends in. */
  readonly tab: "" | "/awards" | "/progress";
  readonly done?: string | null;
  readonly children: Child;
}

export function personFrame({ account, person, tab, done = null, children }: PersonFrameProps) {
  const t = speaker(account.language, PEOPLE);
  const path = personPath(person.id);
  const name = person.name ?? person.identities[0]?.identity ?? t("nameless");
  const tabs = [
    ["", t("tab-person")],
    ["/awards", t("tab-awards")],
    ["/progress", t("tab-progress")],
  ] as const;
  const current = tabs.find(([end]) => end === tab)?.[1] ?? "";
  return accountPage({
    title: tab === "" ? name : `${name}: ${current}`,
    account,
    place: PEOPLE_PATH,
    children: (
      <>
        <p class="back">
          <a href={PEOPLE_PATH}>{t("back")}</a>
        </p>
        <div class="intro">
          <h1 dir="auto">{name}</h1>
          <p class="soft">
            {person.roles.map((role) => roleWords(t, role)).join(", ")} ·{" "}
            {t(`status-${person.status}`)} ·{" "}
            {t.rich("since", { day: t.day(Date.parse(person.created_at)) })}
          </p>
        </div>
        <Done words={done} />
        <Tabs
          label={t("tabs")}
          tabs={tabs.map(([end, words]) => ({ href: `${path}${end}`, name: words }))}
          current={`${path}${tab}`}
        />
        {children}
      </>
    ),
  });
}
