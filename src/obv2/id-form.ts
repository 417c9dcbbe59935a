// What an id of ours looks like, so that nothing else ever reaches the database.

const HASH = /^[0-9a-f]{40}$/;
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether this may be an award's public id: 40 lower-case hex characters. */
export function isHash(text: string): boolean {
  return text.length === 40 && HASH.test(text);
}

/** Whether this may be any other id: a UUID in lower case. */
export function isId(text: string): boolean {
  return text.length === 36 && ID.test(text);
}
