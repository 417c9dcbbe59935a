// The form of the issuer profile: what is stored as its fields, and its fields as the API takes them.
import type { SettingsValues } from "../../pages/settings.tsx";

/** An organization as GET /organizations/{id} shows it; what the page needs of it. */
export interface ShownOrganization {
  readonly name: string;
  readonly slug: string;
  readonly url: string;
  readonly email: string;
  readonly description: string | null;
  readonly telephone: string | null;
  readonly language: string;
  readonly is_listed: boolean;
  readonly image_id: string | null;
  readonly verification_starts_with: string | null;
  readonly verification_allowed_origins: readonly string[] | null;
  readonly issuer: string;
}

/** Which field a fault of the API is shown at. */
export const FIELDS: Readonly<Record<string, string>> = {
  "/name": "name",
  "/slug": "slug",
  "/url": "url",
  "/email": "email",
  "/description": "description",
  "/telephone": "telephone",
  "/language": "language",
  "/verification_starts_with": "starts_with",
  "/verification_allowed_origins": "origins",
  "/file": "file",
  "/image_id": "file",
};

export function valuesOf(row: ShownOrganization): SettingsValues {
  return {
    name: row.name,
    slug: row.slug,
    url: row.url,
    email: row.email,
    description: row.description ?? "",
    telephone: row.telephone ?? "",
    language: row.language,
    isListed: row.is_listed,
    startsWith: row.verification_starts_with ?? "",
    origins: (row.verification_allowed_origins ?? []).join(", "),
  };
}

export function typedValues(form: FormData): SettingsValues {
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === "string" ? value.trim() : "";
  };
  return {
    name: text("name"),
    slug: text("slug"),
    url: text("url"),
    email: text("email"),
    // Browsers send line ends as CRLF whatever was typed.
    description: text("description").replaceAll("\r\n", "\n"),
    telephone: text("telephone"),
    language: text("language"),
    isListed: form.has("is_listed"),
    startsWith: text("starts_with"),
    origins: text("origins"),
  };
}

export function changesOf(values: SettingsValues) {
  const { name, slug, url, email, language, isListed } = values;
  const origins = values.origins
    .split(",")
    .map((origin) => origin.trim())
    .filter((origin) => origin !== "");
  return {
    name,
    slug,
    url,
    email,
    language,
    is_listed: isListed,
    description: values.description || null,
    telephone: values.telephone || null,
    verification_starts_with: values.startsWith || null,
    verification_allowed_origins: origins.length === 0 ? null : origins,
  };
}
