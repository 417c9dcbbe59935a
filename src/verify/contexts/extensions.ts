// Known extensions: what their contexts map, and what their schemas ask of them.
import { ASSESSMENT, ASSESSMENT_TERMS } from "./assessment.ts";
import type { Shape } from "./extension-shape.ts";
import { type ContextObject, EXTENSIONS, OBI, SCHEMA } from "./namespaces.ts";

export interface KnownExtension {
  /** The folder it is published in, which its context's address ends in. */
  readonly folder: string;
  /** Its class, behind the extensions namespace. */
  readonly type: string;
  readonly terms: ContextObject;
  readonly shape: Shape;
}

const PREFIXES = { obi: OBI, extensions: EXTENSIONS };
const schemaTerms = (names: string) =>
  Object.fromEntries(names.split(" ").map((name) => [name, `schema:${name}`]));
const address: Shape = {
  properties: {
    streetAddress: "text",
    addressLocality: "text",
    addressRegion: "text",
    addressCountry: "text",
    postalCode: "text",
  },
  required: [],
};

const CREATIVE_COMMONS = {
  "CC-0": "https://creativecommons.org/publicdomain/zero/1.0/",
  "CC-BY": "http://creativecommons.org/licenses/by/4.0/",
  "CC-BY-SA": "http://creativecommons.org/licenses/by-sa/4.0/",
  "CC-BY-NC": "http://creativecommons.org/licenses/by-nc/4.0/",
  "CC-BY-NC-SA": "http://creativecommons.org/licenses/by-nc-sa/4.0/",
  "CC-BY-ND": "http://creativecommons.org/licenses/by-nd/4.0/",
  "CC-BY-NC-ND": "https://creativecommons.org/licenses/by-nc-nd/4.0/",
};

export const KNOWN_EXTENSIONS: readonly KnownExtension[] = [
  {
    folder: "accessibilityExtension",
    type: "accessibility",
    terms: {
      url: "extensions:#accessibility",
      accessibilityAPI: "https://schema.org/accessibilityAPI",
      accessibilityControl: "https://schema.org/accessibilityControl",
      accessibilityFeature: "https://schema.org/accessibilityFeature",
      accessibilityHazard: "https://schema.org/accessibilityHazard",
    },
    shape: {
      properties: {
        url: "uri",
        accessibilityAPI: "text",
        accessibilityControl: "text",
        accessibilityFeature: "text",
        accessibilityHazard: "text",
      },
      // The published schema lists what it requires among the properties, where it requires nothing.
      required: [],
    },
  },
  {
    folder: "applyLinkExtension",
    type: "ApplyLink",
    terms: { url: "extensions:applyLink" },
    shape: { properties: { url: "uri" }, required: ["url"] },
  },
  {
    folder: "assessmentExtension",
    type: "AssessmentExtension",
    terms: ASSESSMENT_TERMS,
    shape: ASSESSMENT,
  },
  {
    folder: "endorsement",
    type: "Endorsement",
    terms: {
      endorsement: `${EXTENSIONS}Endorsement`,
      endorsedObject: { "@id": "endorsement:/endorsedObject" },
    },
    shape: {
      properties: { description: "text", endorsedObject: "object" },
      required: ["description"],
    },
  },
  {
    folder: "exampleExtension",
    type: "ExampleExtension",
    terms: { exampleProperty: `${SCHEMA}text` },
    shape: { properties: { exampleProperty: "text" }, required: ["exampleProperty"] },
  },
  {
    folder: "extraDescription",
    type: "ExtraDescriptionExtension",
    terms: {},
    shape: { properties: { name: "text", narrative: "text" }, required: ["name", "narrative"] },
  },
  {
    folder: "geoCoordinatesExtension",
    type: "GeoCoordinates",
    terms: { schema: SCHEMA, ...schemaTerms("geo name description latitude longitude") },
    shape: {
      properties: {
        name: "text",
        description: "text",
        geo: {
          properties: { latitude: "number", longitude: "number" },
          required: ["latitude", "longitude"],
        },
      },
      required: ["description", "geo"],
    },
  },
  {
    folder: "issuerAccreditationExtension",
    type: "IssuerAccreditation",
    terms: {
      schema: SCHEMA,
      ...schemaTerms(
        "name email url address streetAddress addressLocality addressRegion postalCode",
      ),
      ...schemaTerms("addressCountry description logo parentOrganization areaServed"),
      contactInstructions: "extensions:accreditationContactInstructions",
      accreditationDate: "extensions:accreditationDate",
      educationalSector: "extensions:accreditationEducationalSector",
    },
    shape: {
      properties: {
        name: "text",
        contactInstructions: "text",
        email: "text",
        url: "uri",
        description: "text",
        address,
        logo: "uri",
        parentOrganization: { properties: { name: "text", url: "uri", address }, required: [] },
        areaServed: "text",
        accreditationDate: "date",
        educationalSector: "text",
      },
      required: ["name", "contactInstructions", "url", "address"],
    },
  },
  {
    folder: "licenseExtension",
    type: "LicenseExtension",
    terms: {
      cc: "http://creativecommons.org/ns#",
      legalCode: "cc:legalcode",
      License: "cc:License",
      ...CREATIVE_COMMONS,
    },
    // Its id is written as a short name that the context opens, so only what is left is asked for.
    shape: { properties: { name: "text", legalCode: "uri" }, required: ["name"] },
  },
  {
    folder: "originalCreatorExtension",
    type: "originalCreator",
    terms: { url: "extensions:#originalCreator" },
    shape: { properties: { url: "uri" }, required: ["url"] },
  },
  {
    folder: "recipientProfile",
    type: "RecipientProfile",
    terms: {},
    shape: { properties: { name: "text", publicKey: "uri" }, required: [] },
  },
];

const PUBLISHED_UNDER = [
  "https://w3id.org/openbadges/extensions/",
  "https://openbadgespec.org/extensions/",
];

export const EXTENSION_CONTEXTS: readonly (readonly [string, ContextObject])[] =
  KNOWN_EXTENSIONS.flatMap(({ folder, terms }) =>
    PUBLISHED_UNDER.map(
      (place) => [`${place}${folder}/context.json`, { ...PREFIXES, ...terms }] as const,
    ),
  );
