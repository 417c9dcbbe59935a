// The field a person is named in: plain text without a script, a combobox (ARIA APG) with it.
import { Choices, type Faults, TextField } from "./form.tsx";
import { PERSON_SCRIPT_PATH } from "./person-script.ts";
import { AWARD } from "./words/award.ts";
import type { Speaker } from "./words/speak.tsx";
import { speaker } from "./words/speak.tsx";

/** A person as the search finds them. */
export interface FoundPerson {
  readonly id: string;
  /** Null where nobody has said it. */
  readonly name: string | null;
  /** The first address they are known by here; null for none. */
  readonly email: string | null;
}

export interface PersonValue {
  /** As it was typed. */
  readonly person: string;
  /** The id of who was chosen; "" for nobody yet. */
  readonly user: string;
  /** Several whom the text may mean: one of them is to be chosen. */
  readonly among: readonly FoundPerson[];
}

export const NOBODY: PersonValue = { person: "", user: "", among: [] };
export const PEOPLE_PATH = "/award/people";

interface PersonFieldProps {
  readonly t: Speaker<keyof typeof AWARD.en>;
  readonly value: PersonValue;
  readonly faults: Faults;
  /** Whose people are searched. */
  readonly organizationId: string;
  readonly help?: string;
}

/** A name and an address, as a person is told from others. */
export function personLabel({ name, email }: FoundPerson): string {
  if (name === null) return email ?? "—";
  return email === null ? name : `${name} (${email})`;
}

export function PersonField({ t, value, faults, organizationId, help }: PersonFieldProps) {
  const { person, user, among } = value;
  return (
    <div
      class="person"
      data-people={`${PEOPLE_PATH}?organization=${organizationId}`}
      data-none={t("people-found", { count: 0 })}
      data-one={t("people-found", { count: 1 })}
      data-many={t("people-found", { count: 2 }).replace("2", "{count}")}
      data-new={t("people-new")}
    >
      <TextField
        name="person"
        label={t("person")}
        help={help ?? t("person-help")}
        faults={faults}
        value={person}
        required
        maxlength={254}
        autocomplete="off"
      />
      {among.length === 0 ? (
        <input type="hidden" name="user" value={user} />
      ) : (
        <Choices
          name="user"
          legend={t("person-which")}
          help={t("person-which-help")}
          faults={faults}
          type="radio"
          options={among.map((one) => ({ value: one.id, label: <bdi>{personLabel(one)}</bdi> }))}
          chosen={[user]}
        />
      )}
    </div>
  );
}

/** For the head of a page with such a field. */
export function PersonScript() {
  return <script type="module" src={PERSON_SCRIPT_PATH} />;
}

/** The same words for a page of another area. */
export function personSpeaker(language: Parameters<typeof speaker>[0]) {
  return speaker(language, AWARD);
}
