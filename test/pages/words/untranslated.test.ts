import { expect, it } from "vitest";
import { untranslated } from "./untranslated.ts";

it.each([
  ["<p>⟦Áwárdéd··⟧</p>"],
  ['<p>⟦Áwárdéd tó <b>Ada</b> by <a href="/x">us</a>··⟧</p>'],
  ["<p><bdi>Ada Lovelace</bdi> <code>npm run</code> <time>4 October</time> 17 · x</p>"],
  ['<p lang="fr">Du français</p><p dir="auto">What somebody wrote</p>'],
  ['<div lang="en">A document of its own</div><a href="?lang=en" lang="en">English</a>'],
  ['<html lang="en-XA"><title>⟦Válíd: Streak Champion·⟧</title></html>'],
  ['<img alt="⟦Píctúré··⟧"><input type="text" name="name" value="Ada">'],
  ['<meta name="viewport" content="width=device-width"><link rel="icon" href="/icon.svg">'],
  ['<a class="brand" href="/">Rosette</a>'],
])("finds nothing in %s", (html) => {
  expect(untranslated(html)).toEqual([]);
});

it.each([
  ["<p>Awarded</p>", "Awarded"],
  ['<p lang="en">Awarded</p>', "Awarded"],
  ['<p>⟦Á báckpáck··⟧ <span lang="en">refused</span></p>', "refused"],
  ['<html lang="en-XA"><p>Awarded</p></html>', "Awarded"],
  ["<p>⟦Ón··⟧ by <b>⟦whóm··⟧</b></p>", "⟦Ón··⟧ by"],
  ["<title>Valid</title>", "Valid"],
  ['<img alt="Picture">', "<img> Picture"],
  ['<nav aria-label="Pages &amp; more"></nav>', "<nav> Pages & more"],
  ['<meta name="description" content="A badge.">', "<meta> A badge."],
  ["<p>⟦Áwárdéd</p>", "1 brackets are not closed"],
])("finds what is wrong with %s", (html, expected) => {
  expect(untranslated(html)).toEqual([expected]);
});

it("lets names stand where nothing can mark them", () => {
  const html = "<title>Ada: ⟦Áwárds··⟧</title><option>Ada</option><p>Ada</p>";
  expect(untranslated(html, ["Ada"])).toEqual(["Ada"]);
});

it("refuses what it cannot read", () => {
  expect(() => untranslated("<p>one</b>")).toThrow(TypeError);
  expect(() => untranslated("<p>a < b</p>")).toThrow(TypeError);
});
