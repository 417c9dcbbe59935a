// What the form of the editor says, as the API takes it; and at which field of the form each part of that is.
import {
  type AlignmentDraft,
  type CriterionDraft,
  type Draft,
  type DraftValues,
  EMPTY_ROW,
  type RowDraft,
} from "./draft.ts";

const listed = (text: string) =>
  text
    .split(/[,\n]/)
    .map((one) => one.trim())
    .filter((one) => one !== "");

const orNull = (text: string) => (text.trim() === "" ? null : text.trim());

/** What is no number is sent as it is: the API says then what is wrong with it. */
function numberIn(text: string): number | string {
  const typed = text.trim();
  return /^-?\d{1,15}(\.\d+)?$/.test(typed) ? Number(typed) : typed;
}

/** Params of a criterion by their names; a row with no key says nothing. */
export function paramsOf({ type, rows }: CriterionDraft): Record<string, string> {
  const params = rows.flatMap((row): (readonly [string, string])[] => {
    const key = row.key.trim();
    if (key === "") return [];
    switch (type) {
      case "metric":
        return metricParams(row, key);
      case "course":
      case "courseset":
        return [
          [`course_${key}`, key],
          [`grade_${key}`, row.least.trim()],
          [`bydate_${key}`, row.until.trim()],
        ];
      case "activity":
        return [
          [`module_${key}`, key],
          [`bydate_${key}`, row.until.trim()],
        ];
      case "manual":
        return [[`role_${key}`, key]];
      case "profile":
        return [[`field_${key}`, key]];
      default:
        return [[`${type}_${key}`, key]];
    }
  });
  return Object.fromEntries(params.filter(([, value]) => value !== ""));
}

function metricParams(row: RowDraft, key: string): (readonly [string, string])[] {
  const [metric = key, unit] = key.split(".");
  const span = row.span.trim();
  const window = span === "" || row.unit === "P" ? span : `P${span}${row.unit}`;
  return [
    [`metric_${metric}`, row.least.trim()],
    [`window_${metric}`, window],
    [`unit_${metric}`, unit ?? ""],
  ];
}

function expiryOf({ expiry, ...values }: DraftValues) {
  const { expire_date: day, expire_moment: stored, expire_span: span, expire_unit: unit } = values;
  if (expiry === "date") {
    // The whole last day, unless it is the day that was stored, which has its own time.
    const date = stored.slice(0, 10) === day ? stored : `${day}T23:59:59.000Z`;
    return { expire_date: date, expire_period: null };
  }
  if (expiry !== "period") return { expire_date: null, expire_period: null };
  return {
    expire_date: null,
    expire_period: unit === "S" ? numberIn(span) : `P${span.trim()}${unit}`,
  };
}

function pictureOf({ picture, image, shape, colour, colouring, icon }: DraftValues) {
  if (picture === "upload") return image === "" ? {} : { image };
  if (picture !== "draw") return {};
  return {
    icon_key: orNull(icon),
    art: { shape: orNull(shape), colour: colouring === "own" ? colour : null },
  };
}

function endorsementOf(values: DraftValues) {
  const { endorser_name: name, endorser_url: url, endorser_email: email } = values;
  if (`${name}${url}${email}`.trim() === "") return null;
  const { endorsement_id: id, endorsement_claim: claim, endorsement_date: date } = values;
  return {
    ...(id === "" ? {} : { id }),
    issuer_name: name,
    issuer_url: url.trim(),
    issuer_email: email.trim(),
    ...(claim === "" ? {} : { claim_id: claim }),
    claim_comment: values.endorser_comment,
    ...(date === "" ? {} : { date_issued: date }),
  };
}

function alignmentOf(one: AlignmentDraft) {
  return {
    target_name: one.name,
    target_url: one.url.trim(),
    target_code: orNull(one.code),
    target_description: orNull(one.description),
    target_framework: orNull(one.framework),
  };
}

/** A criterion that asks for nothing yet is left out, so that a form may be kept before it is done. */
export function askedCriteria({ criteria }: Draft): readonly CriterionDraft[] {
  return criteria.filter(({ rows }) => rows.some(({ key }) => key.trim() !== ""));
}

/** The whole badge, as it is made and changed; the API says what of it cannot be. */
export function bodyOf(draft: Draft): Record<string, unknown> {
  const { values } = draft;
  return {
    name: values.name,
    description: values.description,
    criteria: {
      narrative: values.narrative,
      method: values.method,
      rules: askedCriteria(draft).map((one) => ({
        type: one.type,
        method: one.method,
        description: one.description,
        params: paramsOf(one),
      })),
    },
    category: values.category,
    language: values.language,
    version: values.version,
    tags: listed(values.tags),
    type: Number(values.type),
    course_id: values.type === "2" ? orNull(values.course_id) : null,
    sort_order: numberIn(values.sort_order),
    is_visible_when_locked: values.visible_locked !== "",
    eligibility_roles: listed(values.roles),
    max_awards_per_user: values.max_awards.trim() === "" ? null : numberIn(values.max_awards),
    is_renewable: values.renewable !== "",
    ...expiryOf(values),
    tiers: draft.tiers.map(({ name, threshold }, i) => ({
      level: i + 1,
      name,
      threshold: threshold.trim() === "" ? null : numberIn(threshold),
    })),
    message_subject: values.message_subject,
    message: values.message.replaceAll("\r\n", "\n"),
    attachment: values.attachment !== "",
    notification: Number(values.notification),
    ...pictureOf(values),
    image_caption: orNull(values.caption),
    image_author_name: orNull(values.author_name),
    image_author_email: orNull(values.author_email),
    image_author_url: orNull(values.author_url),
    issuer_name: orNull(values.issuer_name),
    issuer_url: orNull(values.issuer_url),
    issuer_contact: orNull(values.issuer_contact),
    alignments: draft.alignments.map(alignmentOf),
    related: draft.related,
    endorsement: endorsementOf(values),
  };
}

const FIELDS: Readonly<Record<string, string>> = {
  "/name": "name",
  "/description": "description",
  "/criteria": "method",
  "/criteria/narrative": "narrative",
  "/category": "category",
  "/language": "language",
  "/version": "version",
  "/tags": "tags",
  "/type": "type",
  "/course_id": "course_id",
  "/sort_order": "sort_order",
  "/eligibility_roles": "roles",
  "/max_awards_per_user": "max_awards",
  "/expire_date": "expire_date",
  "/expire_period": "expire_span",
  "/message": "message",
  "/message_subject": "message_subject",
  "/art": "colour",
  "/art/shape": "shape",
  "/icon_key": "icon",
  "/image": "file",
  "/image_caption": "caption",
  "/image_author_name": "author_name",
  "/image_author_email": "author_email",
  "/image_author_url": "author_url",
  "/issuer_name": "issuer_name",
  "/issuer_url": "issuer_url",
  "/issuer_contact": "issuer_contact",
  "/related": "related",
  "/endorsement": "endorser_name",
  "/endorsement/issuer_url": "endorser_url",
  "/endorsement/issuer_email": "endorser_email",
  "/endorsement/claim_comment": "endorser_comment",
};

const escaped = (name: string) => name.replaceAll("~", "~0").replaceAll("/", "~1");

/** The field of the form at each pointer into the body (RFC 6901). */
export function fieldsOf(draft: Draft): Record<string, string> {
  const fields: Record<string, string> = { ...FIELDS };
  askedCriteria(draft).forEach((criterion, asked) => {
    const i = draft.criteria.indexOf(criterion);
    const at = `/criteria/rules/${asked}`;
    fields[at] = `c${i}.0.key`;
    fields[`${at}/description`] = `c${i}.description`;
    criterion.rows.forEach((row, j) => {
      for (const name of Object.keys(
        paramsOf({ ...criterion, rows: [{ ...EMPTY_ROW, ...row }] }),
      )) {
        fields[`${at}/params/${escaped(name)}`] = `c${i}.${j}.${memberFor(name)}`;
      }
    });
  });
  draft.tiers.forEach((_tier, i) => {
    fields[`/tiers/${i}`] = `t${i}.name`;
    fields[`/tiers/${i}/threshold`] = `t${i}.threshold`;
  });
  draft.alignments.forEach((_one, i) => {
    fields[`/alignments/${i}`] = `a${i}.name`;
    fields[`/alignments/${i}/target_url`] = `a${i}.url`;
    fields[`/alignments/${i}/target_code`] = `a${i}.code`;
  });
  return fields;
}

/** Which part of a row a param is; `metric_` is the number, since its name is chosen from a list. */
function memberFor(param: string): keyof RowDraft {
  if (/^(metric|grade)_/.test(param)) return "least";
  if (param.startsWith("window_")) return "span";
  return param.startsWith("bydate_") ? "until" : "key";
}
