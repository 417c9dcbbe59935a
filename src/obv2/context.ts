// The one JSON-LD context every Open Badges 2.0 document names.

/** Answers with the published context; its terms are all that these documents use (OB20-D-01). */
export const OPEN_BADGES_V2 = "https://w3id.org/openbadges/v2";
