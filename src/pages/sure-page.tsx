// The page between a button and what cannot be taken back: says what will happen, and asks once.
import type { Child } from "hono/jsx";
import { type Account, accountPage, FormToken, type Place } from "./account.tsx";
import { type Faults, FormErrors } from "./form.tsx";

interface SurePageProps {
  readonly account: Account;
  readonly place: Place;
  readonly title: string;
  /** What will happen, and what will not. */
  readonly lead: Child;
  readonly action: string;
  readonly button: string;
  readonly back: { readonly href: string; readonly words: string };
  readonly faults?: Faults;
  readonly labels?: Readonly<Record<string, string>>;
  /** Hidden fields. */
  readonly hidden?: Readonly<Record<string, string>>;
  /** Fields to fill in, if any. */
  readonly children?: Child;
}

export function surePage(props: SurePageProps) {
  const { account, place, title, lead, action, button, back, faults = [], hidden = {} } = props;
  return accountPage({
    title,
    account,
    place,
    children: (
      <>
        <div class="intro">
          <h1>{title}</h1>
        </div>
        <FormErrors faults={faults} language={account.language} labels={props.labels ?? {}} />
        <form class="sheet pad form" method="post" action={action}>
          <FormToken account={account} />
          {Object.entries(hidden).map(([name, value]) => (
            <input type="hidden" name={name} value={value} />
          ))}
          <div class="prose">{lead}</div>
          {props.children}
          <div class="row-actions">
            <button class="btn first" type="submit">
              {button}
            </button>
            <a class="btn" href={back.href}>
              {back.words}
            </a>
          </div>
        </form>
      </>
    ),
  });
}
