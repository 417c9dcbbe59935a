// The one script of the pages: compares an e-mail address with a badge's recipient inside the browser.
import { contentHash } from "./stylesheet.ts";

/**
 * Replaces the form's submission: the address is hashed here and goes nowhere. Where the browser
 * cannot hash (SHA-256 needs a secure page), the form stays what it is and says that it sends.
 * Like the verifier it tries the address as typed and in lower case (OB 2.0, IdentityHash).
 */
export const COMPARE_SCRIPT = `const form = document.querySelector("form[data-identity]");
const { identity, salt, ...words } = form.dataset;
const utf8 = (text) => new TextEncoder().encode(text);
const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
async function sha256(text) {
  return "sha256$" + hex(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(text))));
}
function md5(text) {
  const message = utf8(text);
  const view = new DataView(new ArrayBuffer(Math.ceil((message.length + 9) / 64) * 64));
  message.forEach((byte, i) => view.setUint8(i, byte));
  view.setUint8(message.length, 128);
  view.setUint32(view.byteLength - 8, message.length * 8, true);
  const turns = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let at = 0; at < view.byteLength; at += 64) {
    let [a, b, c, d] = state;
    for (let i = 0; i < 64; i++) {
      const n = i >> 4;
      const mixed = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][n];
      const word = view.getUint32(at + 4 * (([1, 5, 3, 7][n] * i + [0, 1, 5, 0][n]) % 16), true);
      const sum = (a + mixed + Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) + word) | 0;
      const turn = turns[n * 4 + (i % 4)];
      [a, d, c, b] = [d, c, b, b + ((sum << turn) | (sum >>> (32 - turn))) | 0];
    }
    [a, b, c, d].forEach((value, i) => (state[i] += value));
  }
  return "md5$" + hex(new Uint8Array(state.buffer));
}
const hash = identity.startsWith("md5$") ? md5 : sha256;
if (hash === md5 || globalThis.crypto?.subtle) {
  const say = form.querySelector("output");
  const field = form.querySelector("input[name=recipient]");
  form.querySelector(".sends").hidden = true;
  form.querySelector(".stays").hidden = false;
  form.querySelector("button").textContent = words.compare;
  field.addEventListener("input", () => (say.textContent = ""));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const typed = field.value.trim();
    let same = false;
    for (const text of [typed, typed.toLowerCase()]) {
      same ||= (await hash(text + salt)) === identity.toLowerCase();
    }
    say.className = same ? "valid" : "revoked";
    say.textContent = (same ? words.same : words.other).replace("{typed}", () => typed);
  });
}
`;

export const COMPARE_PATH = `/assets/compare.${contentHash(COMPARE_SCRIPT)}.js`;
