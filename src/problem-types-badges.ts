// What can go wrong with badges: pictures, definitions, awards, and what is told and counted. Each type has a page that says what to do.
import type { ProblemType } from "./problem-types.ts";

/** A room adds its own here, in its own block. */
export const BADGE_PROBLEMS = {
  // Pictures
  "image-too-large": {
    status: 413,
    title: "The picture is too large",
    what: "The file has more bytes than a picture may have here.",
    fix: "Export the picture smaller (512 by 512 pixels is plenty), or run the PNG through an optimiser.",
  },
  "image-not-supported": {
    status: 415,
    title: "The picture is neither PNG nor SVG",
    what: "Open Badges carries PNG and SVG pictures only; the file's content is something else.",
    fix: "Export the picture as PNG or SVG. Renaming the file does not change what is in it.",
  },
  "image-dimensions": {
    status: 422,
    title: "The picture's size does not suit a badge",
    what: "The picture is too small, has too many pixels, is not square where this server cannot make it so, or does not say how large it is.",
    fix: "Export a square picture of 400 to 2048 pixels a side; give an SVG a viewBox.",
  },
  "image-unreadable": {
    status: 422,
    title: "The picture cannot be drawn",
    what: "The file looks like a picture, but drawing it failed or took too long.",
    fix: "Open it in an image editor, simplify it if it is complex, and export it again.",
  },
  "png-malformed": {
    status: 422,
    title: "The PNG is damaged",
    what: "The file starts like a PNG but breaks the format's rules: it is cut short, altered or badly written.",
    fix: "Open it in an image editor and save it as PNG again, then upload the new file.",
  },
  "png-too-many-chunks": {
    status: 422,
    title: "The PNG has too many parts",
    what: "The file is split into more chunks than any common program writes.",
    fix: "Save the picture again with a common image editor or PNG optimiser.",
  },
  "svg-malformed": {
    status: 422,
    title: "The SVG is not well-formed",
    what: "The file is not one SVG document in UTF-8 that every reader of badges understands.",
    fix: "Correct the place that `errors` names, or export the drawing again as plain SVG in UTF-8.",
  },
  "svg-entities": {
    status: 422,
    title: "The SVG declares entities or a foreign document type",
    what: "Document type declarations can make a small file unfold without end or read other files.",
    fix: "Remove the <!DOCTYPE …> line and whatever it declares, or export as plain SVG.",
  },
  "svg-active-content": {
    status: 422,
    title: "The SVG holds more than a picture",
    what: "The file holds a script, an event handler, foreign content or a style that loads or runs something.",
    fix: "Remove what `errors` names. Most editors do it with “Export as plain SVG”.",
  },
  "svg-external-reference": {
    status: 422,
    title: "The SVG refers to something outside itself",
    what: "A badge's picture must be complete in itself: the file refers to another one.",
    fix: "Embed the other picture as a PNG or JPEG data: address, or remove the reference.",
  },
  "svg-too-deep": {
    status: 422,
    title: "The SVG nests too deeply",
    what: "Elements stand within elements for more levels than a picture needs.",
    fix: "Ungroup the drawing in your editor and export it again.",
  },
  "svg-too-complex": {
    status: 422,
    title: "The SVG is too complex",
    what: "The file has, or its references come to, more elements or attributes than are drawn here.",
    fix: "Simplify the drawing, expand its clones, or export it as PNG of 512 by 512 pixels.",
  },
  // Badges and awards
  "badge-name-taken": {
    status: 409,
    title: "Another badge of the organization has this name",
    what: "Names are unique among an organization's badges, archived ones aside.",
    fix: "Choose another name, or archive the badge that holds it.",
  },
  "badge-locked": {
    status: 409,
    title: "The badge has been awarded, so what it says is fixed",
    what: "People hold this badge, and what was published for them may not change under them.",
    fix: "Change only is_active, status, sort_order, is_visible_when_locked, is_renewable and the message fields; for the rest archive this badge and define a new one related to it.",
  },
  "badge-archived": {
    status: 409,
    title: "The badge is archived",
    what: "An archived badge stays as it is for those who hold it. It cannot be changed or awarded.",
    fix: "Define a new badge; an archived one has given up its name.",
  },
  "badge-inactive": {
    status: 409,
    title: "The badge is not active",
    what: "A badge that is not active cannot be awarded. Awards made earlier stay valid.",
    fix: "Set is_active to true, then award it.",
  },
  "recipient-not-active": {
    status: 409,
    title: "This person's account is not active",
    what: "Badges are awarded to active members only, not to suspended or deactivated ones.",
    fix: "Reactivate the person's account or membership first.",
  },
  "recipient-not-eligible": {
    status: 409,
    title: "None of this person's roles may receive the badge",
    what: "The badge names the roles that may receive it, and the person has none of them now.",
    fix: "Give the person one of the roles the answer names, or award another badge.",
  },
  "award-revoked": {
    status: 409,
    title: "The award has been revoked",
    what: "A revoked award stays revoked: it cannot be corrected and issued again.",
    fix: "Award the badge anew with POST /api/v1/awards.",
  },
  "award-not-mailable": {
    status: 409,
    title: "Nobody can be written to about this award",
    what: "The award is hidden, declined or expired, or it was not made out to an e-mail address.",
    fix: "Show a hidden award first, renew an expired one, or hand over the address of the badge's page.",
  },
  "badge-not-renewable": {
    status: 409,
    title: "Awards of this badge are not renewed",
    what: "An award that has run out goes on counting, unless its badge says that it may be renewed.",
    fix: "Set the badge's is_renewable to true with PATCH /api/v1/badges/{id}, then renew the award.",
  },
  "award-not-expired": {
    status: 409,
    title: "The award has not run out",
    what: "An award is renewed once it has expired; one that is valid needs no other.",
    fix: "Renew it after its end, or correct its end with POST /api/v1/awards/{id}/reissue.",
  },
  "badge-not-locked": {
    status: 409,
    title: "The badge was never awarded",
    what: "A new version is for a badge that can no longer be changed, because people hold it.",
    fix: "Change the badge itself with PATCH /api/v1/badges/{id}.",
  },
  "confirmation-missing": {
    status: 422,
    title: "What cannot be undone needs a confirmation",
    what: "The request does not repeat the name of what is to be removed for good. Nothing was removed.",
    fix: "Send the badge's exact name as `confirm`.",
  },
  "visibility-restricted": {
    status: 403,
    title: "This award is not yours to show or hide",
    what: "Whether an award is shown is for the person who holds it to say, or for an administrator of the organization.",
    fix: "Ask the person who holds the award, or an administrator of the organization.",
  },
  "badge-held": {
    status: 409,
    title: "The person holds the badge already",
    what: "Another award would be one more than the badge allows this person. Nothing was changed.",
    fix: "Revoke the award that is wrong, or name somebody else.",
  },
  "nomination-pending": {
    status: 409,
    title: "The person is nominated for this badge already",
    what: "A nomination of the same person for the same badge waits for a decision; there is one at a time.",
    fix: "Approve, decline or withdraw the one that the answer names.",
  },
  "nomination-decided": {
    status: 409,
    title: "The nomination has been decided",
    what: "It was approved, declined or withdrawn, and that stays so.",
    fix: "Read it again. To have the badge considered anew, nominate the person anew.",
  },
  "badge-not-nominatable": {
    status: 409,
    title: "Nobody is nominated for this badge",
    what: "The badge is awarded by what is counted, or asks for the word of several people.",
    fix: "Name a badge that coordinators nominate for, or vouch for the person with POST /api/v1/badges/{id}/vouches.",
  },
  "own-badge": {
    status: 403,
    title: "Nobody decides about a badge of their own",
    what: "Who made a nomination, or is nominated, does not decide it, nor does anybody give a badge to themselves; administrators may.",
    fix: "Ask another coordinator, or an administrator of the organization.",
  },
  "vouch-counted": {
    status: 409,
    title: "The badge has been awarded on this word",
    what: "What somebody vouched for can be taken back until the badge is awarded.",
    fix: "Revoke the award with POST /api/v1/awards/{id}/revoke.",
  },
  // Mail
  "mail-not-set-up": {
    status: 409,
    title: "This installation sends no mail",
    what: "No mail server is set, so nobody can be told of anything by mail.",
    fix: "The operator sets SMTP_URL and MAIL_FROM and restarts the server; then ask again.",
  },
  // Webhooks
  "webhook-endpoint-disabled": {
    status: 409,
    title: "This webhook endpoint is disabled",
    what: "Nothing is sent to it: somebody disabled it, it answered 410 Gone, or it accepted nothing for days.",
    fix: "Change it with `enabled: true` once it works, then send again what it missed.",
  },
  "too-many-webhook-endpoints": {
    status: 409,
    title: "The organization has as many webhook endpoints as it may",
    what: "Each endpoint is told of each event, so that there is a limit. Nothing was added.",
    fix: "Delete an endpoint that is not needed any more, or give an existing one more events.",
  },
  "import-finished": {
    status: 409,
    title: "The import has ended",
    what: "Every row of the file was done before the import could be cancelled or resumed.",
    fix: "Read GET /api/v1/imports/{id}/rows; revoke the awards that were not meant.",
  },
  "import-not-checked": {
    status: 409,
    title: "Rows are changed in a dry run that has ended",
    what: "The import awards badges, or is still at work; its rows are as they were sent.",
    fix: "Send POST /api/v1/imports/{id}/again with dry_run true, change its rows once it has ended, then award from there.",
  },
  "claim-code-taken": {
    status: 409,
    title: "This claim code is in use",
    what: "A claim code leads to one badge, and another one has this code, or had it.",
    fix: "Choose another code, or leave it out to have one made.",
  },
  "too-many-claims": {
    status: 429,
    title: "Too many unknown claim codes were tried",
    what: "Only so many codes that do not exist may be tried from one network address in an hour.",
    fix: "Try again after the seconds in Retry-After, with the code as it was given to you.",
  },
  // Events
  "event-conflict": {
    status: 409,
    title: "Another event has this id",
    what: "An event was sent before under the same id, and said something else. Nothing of the request was stored.",
    fix: "Send each event under an id of its own, and the same event again as it was.",
  },
  "webhook-refused": {
    status: 401,
    title: "The message is not from a sender known here",
    what: "The source is unknown or revoked, the signature is not one of its secrets', or the message was signed more than five minutes ago.",
    fix: "Sign as Standard Webhooks says: HMAC-SHA256 of `id.timestamp.body` with the secret of the source, with this very moment and the body byte for byte.",
  },
  "too-many-event-sources": {
    status: 409,
    title: "The organization has as many event sources as it may",
    what: "Only so many senders of signed events may be known at once.",
    fix: "Revoke a source that sends nothing any more.",
  },
  "event-source-revoked": {
    status: 409,
    title: "The event source is revoked",
    what: "A revoked source stays revoked: it gets no new secret.",
    fix: "Add a new source with POST /api/v1/event-sources.",
  },
  "metric-name-taken": {
    status: 409,
    title: "There is a metric of this name",
    what: "Names of metrics are unique in an organization, and those that are always there belong to all.",
    fix: "Choose another name, or use the metric that GET /api/v1/metrics lists.",
  },
  "metric-in-use": {
    status: 409,
    title: "The metric is in use",
    what: "A badge asks for it, or something was counted under its name.",
    fix: "Take it out of the criteria of every badge. What has been counted stays, and its metric with it.",
  },
} as const satisfies Record<string, ProblemType>;
