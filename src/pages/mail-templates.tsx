// The wording of mails: which there are in which languages, and writing one.
import type { Child } from "hono/jsx";
import type { MailKind } from "../mail/kinds.ts";
import { type Account, accountPage, FormToken } from "./account.tsx";
import { AreaField, type Faults, FormErrors, SelectField, TextField } from "./form.tsx";
import { Done, Fault, type FormFault } from "./form-outcome.tsx";
import { MAIL_PATH, MailTabs, mailReason, type SayMail, TEMPLATES_PATH } from "./mail.tsx";
import { Table } from "./table.tsx";
import { MAIL } from "./words/mail.ts";
import { speaker } from "./words/speak.tsx";

export const TEMPLATE_PATH = "/admin/mail/template";

export interface TemplateRow {
  readonly kind: MailKind;
  /** BCP 47. */
  readonly language: string;
  readonly subject: string;
  /** Milliseconds since 1970; null for the words that ship. */
  readonly updatedAt: number | null;
}

export function templatePath(kind: MailKind, language: string): string {
  return `${TEMPLATE_PATH}?kind=${kind}&language=${encodeURIComponent(language)}`;
}

interface TemplatesPageProps {
  readonly account: Account;
  readonly kinds: readonly MailKind[];
  readonly templates: readonly TemplateRow[];
  /** What was asked for and is no language; null where nothing was. */
  readonly badLanguage: { readonly kind: MailKind; readonly language: string } | null;
  readonly done: "reset" | null;
}

export function templatesPage(props: TemplatesPageProps) {
  const { account, kinds, templates, badLanguage, done } = props;
  const t = speaker(account.language, MAIL);
  const faults: Faults =
    badLanguage === null
      ? []
      : [{ field: "language", detail: t("bad-language"), fix: "", language: account.language }];
  return accountPage({
    title: t("templates"),
    account,
    place: MAIL_PATH,
    children: (
      <>
        <div class="intro">
          <h1>{t("templates")}</h1>
          <p class="lead">{t("templates-lead")}</p>
        </div>
        <MailTabs t={t} current={TEMPLATES_PATH} />
        <Done words={done === null ? null : t(`done-${done}`)} />
        <FormErrors
          faults={faults}
          language={account.language}
          labels={{ language: t("language") }}
        />
        <div class="sheet pad table-sheet">
          <Templates t={t} templates={templates} />
        </div>
        <section class="result-part" aria-labelledby="other">
          <h2 id="other">{t("write-other")}</h2>
          <form class="sheet pad form" method="get" action={TEMPLATE_PATH}>
            <SelectField
              name="kind"
              label={t("mail")}
              value={badLanguage?.kind ?? kinds[0] ?? ""}
              options={kinds.map((value) => ({ value, label: t(`kind-${value}`) }))}
            />
            <TextField
              name="language"
              label={t("language")}
              help={t("language-help")}
              value={badLanguage?.language ?? ""}
              maxlength={35}
              faults={faults}
              required
              autocomplete="off"
            />
            <button class="btn first" type="submit">
              {t("write")}
            </button>
          </form>
        </section>
      </>
    ),
  });
}

interface TemplatesProps {
  readonly t: SayMail;
  readonly templates: readonly TemplateRow[];
}

function Templates({ t, templates }: TemplatesProps) {
  return (
    <Table<TemplateRow>
      caption={t("templates")}
      rows={templates}
      columns={[
        { name: t("mail"), heads: true, cell: ({ kind }) => t(`kind-${kind}`) },
        { name: t("language"), cell: ({ language }) => <bdi>{languageName(t, language)}</bdi> },
        {
          name: t("subject"),
          cell: ({ subject, language }) => (
            <span lang={language} dir="auto">
              {subject}
            </span>
          ),
        },
        {
          name: t("whose"),
          cell: ({ updatedAt }) =>
            updatedAt === null ? t("ours") : t.rich("own", { since: t.day(updatedAt) }),
        },
        {
          name: t("deeds"),
          cell: ({ kind, language }) => (
            <a class="btn" href={templatePath(kind, language)}>
              {t("change")}
              <span class="unseen">
                {" "}
                {t("change-about", {
                  kind: t(`kind-${kind}`),
                  language: languageName(t, language),
                })}
              </span>
            </a>
          ),
        },
      ]}
    />
  );
}

/** As readers call it: `German (de)`. */
function languageName(t: SayMail, tag: string): string {
  const locale = t.language === "de" ? "de" : "en";
  const name = new Intl.DisplayNames([locale], { type: "language", fallback: "none" }).of(tag);
  return name === undefined ? tag : `${name} (${tag})`;
}

export interface MailSample {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  /** Beneath `<body>`: what the mail's own writer made, everything from outside escaped. */
  readonly html: string;
  readonly text: string;
  readonly language: string;
}

export interface TemplateEdit {
  readonly kind: MailKind;
  readonly language: string;
  readonly subject: string;
  readonly body: string;
}

export type TestResult =
  | { readonly to: string; readonly sent: boolean; readonly reason: string | null }
  | "no-mail";

interface TemplatePageProps {
  readonly account: Account;
  readonly edit: TemplateEdit;
  /** The organization has written words of its own. */
  readonly isOwn: boolean;
  readonly hasShipped: boolean;
  readonly placeholders: readonly { readonly name: string; readonly sample: string }[];
  readonly maxSubject: number;
  readonly faults: Faults;
  readonly sample: MailSample | null;
  readonly test: TestResult | null;
  readonly done: "saved" | null;
}

export function templatePage(props: TemplatePageProps) {
  const { account, edit, faults, sample, test, done } = props;
  const t = speaker(account.language, MAIL);
  return accountPage({
    title: t(`kind-${edit.kind}`),
    account,
    place: MAIL_PATH,
    children: (
      <>
        <p class="back">
          <a href={TEMPLATES_PATH}>{t("back")}</a>
        </p>
        <div class="intro">
          <h1>{t(`kind-${edit.kind}`)}</h1>
          <p class="lead">{t("edit-lead", { language: languageName(t, edit.language) })}</p>
        </div>
        <Done words={done === null ? null : t(`done-${done}`)} />
        {test === null ? null : <Tested t={t} test={test} />}
        <FormErrors
          faults={faults}
          language={account.language}
          labels={{ subject: t("subject"), body: t("body") }}
        />
        {sample === null ? null : <Sample t={t} sample={sample} />}
        <EditForm t={t} {...props} />
        <Placeholders t={t} placeholders={props.placeholders} />
      </>
    ),
  });
}

function EditForm(props: TemplatePageProps & { readonly t: SayMail }) {
  const { t, account, edit, isOwn, hasShipped, faults, maxSubject } = props;
  return (
    <form class="sheet pad form" method="post" action={TEMPLATE_PATH}>
      <FormToken account={account} />
      <input type="hidden" name="kind" value={edit.kind} />
      <input type="hidden" name="language" value={edit.language} />
      <TextField
        name="subject"
        label={t("subject")}
        value={edit.subject}
        maxlength={maxSubject}
        faults={faults}
        lang={edit.language}
        required
      />
      <AreaField
        name="body"
        label={t("body")}
        help={t("body-help")}
        value={edit.body}
        rows={14}
        faults={faults}
        required
      />
      <div class="row-actions">
        <button class="btn first" type="submit" name="deed" value="save">
          {t("save")}
        </button>
        <button class="btn" type="submit" name="deed" value="preview">
          {t("preview")}
        </button>
        <button class="btn" type="submit" name="deed" value="test">
          {t("test")}
        </button>
        {isOwn ? (
          <button class="btn" type="submit" name="deed" value="reset" formnovalidate>
            {hasShipped ? t("reset") : t("reset-other")}
          </button>
        ) : null}
      </div>
    </form>
  );
}

function Tested({ t, test }: { readonly t: SayMail; readonly test: TestResult }) {
  if (test === "no-mail") {
    return <Fault fault={{ detail: t("no-mail-title"), fix: t("no-mail-fix") }} />;
  }
  if (test.sent) return <Done words={t("test-sent", { to: test.to })} />;
  const fault: FormFault = {
    detail: t("test-failed", { to: test.to }),
    fix: mailReason(t, test.reason ?? "mail-failed"),
  };
  return <Fault fault={fault} />;
}

function Sample({ t, sample }: { readonly t: SayMail; readonly sample: MailSample }) {
  return (
    <section class="sheet pad result-part" aria-labelledby="sample">
      <h2 id="sample">{t("preview-title")}</h2>
      <p class="soft small">{t("preview-people")}</p>
      <div class="mail-sample" lang={sample.language} dir="auto">
        <dl class="facts mail-head">
          <Head name={t("from")}>{sample.from}</Head>
          <Head name={t("to")}>{sample.to}</Head>
          <Head name={t("subject")}>
            <strong>{sample.subject}</strong>
          </Head>
        </dl>
        <div class="prose" dangerouslySetInnerHTML={{ __html: sample.html }} />
      </div>
      <details>
        <summary>{t("preview-text")}</summary>
        <pre class="wraps" lang={sample.language}>
          {sample.text}
        </pre>
      </details>
    </section>
  );
}

function Head({ name, children }: { readonly name: string; readonly children: Child }) {
  return (
    <>
      <dt>{name}</dt>
      <dd dir="auto">{children}</dd>
    </>
  );
}

function Placeholders({
  t,
  placeholders,
}: Pick<TemplatePageProps, "placeholders"> & { readonly t: SayMail }) {
  return (
    <section class="sheet pad table-sheet result-part" aria-labelledby="placeholders">
      <h2 id="placeholders">{t("placeholders")}</h2>
      <Table
        caption={t("placeholders")}
        rows={placeholders}
        columns={[
          {
            name: t("placeholder"),
            heads: true,
            cell: ({ name }) => <code class="short">%{name}%</code>,
          },
          {
            name: t("stands"),
            cell: ({ name }) =>
              Object.hasOwn(MAIL.en, `p-${name}`) ? t(`p-${name}` as keyof typeof MAIL.en) : null,
          },
          {
            name: t("sample"),
            cell: ({ sample }) => (
              <span lang="en" dir="auto">
                {sample}
              </span>
            ),
          },
        ]}
      />
    </section>
  );
}
