// The parts forms are made of: labelled fields that say what is wrong with them, and the list of all faults above.
import type { Child } from "hono/jsx";
import type { Language } from "../language.ts";
import type { ProblemDocument } from "../problem-document.ts";
import { cutShort } from "./cut-short.ts";
import { faultWords, type ToldFault } from "./fault-words.ts";
import { FORM_WORDS } from "./words/form.ts";
import { speaker } from "./words/speak.tsx";

/** What is wrong with one field, by the field's name; the name "" is for the form as a whole. */
export interface FieldFault extends ToldFault {
  readonly field: string;
}
export type Faults = readonly FieldFault[];

/**
 * The faults the API found, at the fields of a form. `fields` names the field of a JSON Pointer; a
 * pointer beneath a known one (`/criteria/0/type`) is its field's too. What has no field is the form's.
 */
export function faultsOf(
  problem: Pick<ProblemDocument, "code" | "detail" | "fix" | "errors">,
  fields: Readonly<Record<string, string>>,
  language: Language,
): Faults {
  const { errors = [] } = problem;
  if (errors.length === 0) return [{ field: "", ...faultWords(problem, problem.code, language) }];
  return errors.map((error) => {
    const pointer = error.pointer ?? `/${error.parameter ?? ""}`;
    const known = Object.keys(fields)
      .filter((one) => pointer === one || pointer.startsWith(`${one}/`))
      .sort((one, other) => other.length - one.length)[0];
    const field = known === undefined ? "" : (fields[known] ?? "");
    return { field, ...faultWords(error, problem.code, language) };
  });
}

/** A page's own words for rules, by a rule's code or a problem's: the field they stand at, and what is said. */
export type RuleWords<Word extends string> = Readonly<
  Record<string, readonly [field: string, word: Word]>
>;

/** The same in a page's own words, where it has them for all that is at fault. */
export function faultsInWords<Word extends string>(
  problem: ProblemDocument,
  own: {
    readonly rules: RuleWords<Word>;
    readonly say: (word: Word) => string;
    readonly fields: Readonly<Record<string, string>>;
  },
  language: Language,
): Faults {
  const { errors = [] } = problem;
  const all = errors.length > 0 ? errors : [problem];
  const said = all.flatMap(({ code }) => {
    const known = Object.hasOwn(own.rules, code) ? own.rules[code] : undefined;
    if (known === undefined) return [];
    return [{ field: known[0], detail: own.say(known[1]), fix: "", language }];
  });
  return said.length === all.length ? said : faultsOf(problem, own.fields, language);
}

interface FormErrorsProps {
  readonly faults: Faults;
  readonly language: Language;
  /** Names of the form's fields as people read them, for the list. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Stands above the form and takes the focus: every fault, each a link to its field. */
export function FormErrors({ faults, language, labels = {} }: FormErrorsProps) {
  if (faults.length === 0) return null;
  const t = speaker(language, FORM_WORDS);
  return (
    <div class="sheet fault" role="alert" tabindex={-1} autofocus>
      <div class="pad">
        <h2>{t("not-kept")}</h2>
        <ul class="plain-list">
          {faults.map((fault) => (
            <li>
              {fault.field === "" ? null : (
                <>
                  <a href={`#${fault.field}`}>{labels[fault.field] ?? fault.field}</a>
                  {": "}
                </>
              )}
              <FaultText fault={fault} />
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function FaultText({ fault }: { readonly fault: FieldFault }) {
  return (
    <span lang={fault.language}>
      {fault.detail}
      {fault.fix === "" ? "" : ` ${fault.fix}`}
    </span>
  );
}

interface FieldProps {
  /** The field's name, and its id on the page. */
  readonly name: string;
  readonly label: string;
  readonly help?: Child;
  readonly faults?: Faults;
  readonly required?: boolean;
}

/** Label, help, fault, and the control between them; `described` names help and fault for it. */
function Field({
  name,
  label,
  help,
  faults = [],
  control,
}: FieldProps & { readonly control: (described: Described) => Child }) {
  const own = faults.filter(({ field }) => field === name);
  const ids = [
    ...(help === undefined ? [] : [`${name}-help`]),
    ...(own.length === 0 ? [] : [`${name}-fault`]),
  ];
  return (
    <div class={own.length === 0 ? "field" : "field wrong"}>
      <label for={name}>{label}</label>
      {help === undefined ? null : (
        <p class="soft small" id={`${name}-help`}>
          {help}
        </p>
      )}
      {own.length === 0 ? null : (
        <p class="field-fault" id={`${name}-fault`}>
          {own.map((fault) => (
            <FaultText fault={fault} />
          ))}
        </p>
      )}
      {control({
        "aria-describedby": ids.length === 0 ? undefined : ids.join(" "),
        "aria-invalid": own.length === 0 ? undefined : "true",
      })}
    </div>
  );
}

interface Described {
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": "true" | undefined;
}

interface TextFieldProps extends FieldProps {
  readonly value?: string;
  readonly type?: "text" | "email" | "url" | "number" | "date" | "search" | "color";
  readonly maxlength?: number;
  readonly min?: string;
  readonly max?: string;
  readonly step?: string;
  readonly placeholder?: string;
  readonly autocomplete?: string;
  /** Id of a datalist. */
  readonly list?: string;
  /** What people type here is in a language of its own. */
  readonly lang?: string;
}

export function TextField(props: TextFieldProps) {
  const { name, label, help, faults, value = "", type = "text", ...attributes } = props;
  return (
    <Field
      {...props}
      control={(described) => (
        <input
          id={name}
          name={name}
          type={type}
          value={value}
          dir={type === "text" || type === "search" ? "auto" : undefined}
          {...attributes}
          {...described}
        />
      )}
    />
  );
}

interface AreaFieldProps extends FieldProps {
  readonly value?: string;
  readonly rows?: number;
  readonly maxlength?: number;
  readonly placeholder?: string;
}

export function AreaField(props: AreaFieldProps) {
  const { name, label, help, faults, value = "", rows = 5, ...attributes } = props;
  return (
    <Field
      {...props}
      control={(described) => (
        <textarea id={name} name={name} rows={rows} dir="auto" {...attributes} {...described}>
          {value}
        </textarea>
      )}
    />
  );
}

export interface Option {
  readonly value: string;
  readonly label: string;
  readonly disabled?: boolean;
}

/** Of a choice, of which there may be hundreds: no list on a screen is wider. */
const MAX_LABEL = 100;

interface SelectFieldProps extends FieldProps {
  readonly value?: string;
  readonly options: readonly Option[];
}

export function SelectField(props: SelectFieldProps) {
  const { name, value = "", options, required } = props;
  return (
    <Field
      {...props}
      control={(described) => (
        <select id={name} name={name} required={required} {...described}>
          {options.map((option) => (
            <option
              value={option.value}
              selected={option.value === value}
              disabled={option.disabled}
            >
              {cutShort(option.label, MAX_LABEL)}
            </option>
          ))}
        </select>
      )}
    />
  );
}

interface FileFieldProps extends FieldProps {
  /** Media types and endings a browser offers. */
  readonly accept?: string;
}

export function FileField(props: FileFieldProps) {
  const { name, accept, required } = props;
  return (
    <Field
      {...props}
      control={(described) => (
        <input
          id={name}
          name={name}
          type="file"
          accept={accept}
          required={required}
          {...described}
        />
      )}
    />
  );
}

/** What somebody called something, or a code, is marked as that: its label is an element. */
interface Choice extends Omit<Option, "label"> {
  readonly label: Child;
  readonly help?: Child;
}

interface ChoicesProps {
  readonly name: string;
  readonly legend: string;
  readonly help?: Child;
  readonly faults?: Faults;
  readonly type: "radio" | "checkbox";
  readonly options: readonly Choice[];
  readonly chosen: readonly string[];
}

/** Radio buttons or boxes under one question. */
export function Choices(props: ChoicesProps) {
  const { name, legend, help, faults = [], type, options, chosen } = props;
  const own = faults.filter(({ field }) => field === name);
  return (
    <fieldset class={own.length === 0 ? "choices" : "choices wrong"} id={name}>
      <legend>{legend}</legend>
      {help === undefined ? null : <p class="soft small">{help}</p>}
      {own.length === 0 ? null : (
        <p class="field-fault">
          {own.map((fault) => (
            <FaultText fault={fault} />
          ))}
        </p>
      )}
      {options.map((option) => (
        <label class="choice">
          <input
            type={type}
            name={name}
            value={option.value}
            checked={chosen.includes(option.value)}
            disabled={option.disabled}
          />
          <span>
            {option.label}
            {option.help === undefined ? null : (
              <span class="soft small choice-help">{option.help}</span>
            )}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
