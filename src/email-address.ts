// What an e-mail address looks like, and when two of them are the same.

/** OB20-P-04: one `@` and no blanks; lengths of RFC 5321, section 4.5.3.1. */
export function isEmail(text: string): boolean {
  return (
    text.length <= 254 && /^[^\s\p{Cc}@<>()",;:\\[\]]{1,64}@[^\s\p{Cc}@<>()",;:\\[\]]+$/u.test(text)
  );
}

/** How addresses are compared, and what an award's recipient is hashed from. */
export function normalisedEmail(text: string): string {
  return text.trim().toLowerCase();
}
