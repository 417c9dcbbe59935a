import { expect, it } from "vitest";
import { doneWords } from "../src/page-answer.ts";

const at = (query: string) => new Request(`https://badges.example.org/me/sessions${query}`);
const WORDS = { ended: "The session was ended." };

it("says what a form did", () => {
  expect(doneWords(WORDS, at("?done=ended"))).toBe(WORDS.ended);
});

it.each(["", "?done=", "?done=begun", "?done=constructor", "?done=__proto__", "?done=toString"])(
  "%j stands for nothing",
  (query) => {
    expect(doneWords(WORDS, at(query))).toBeNull();
  },
);
