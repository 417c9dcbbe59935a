import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isScope,
  MAX_SCOPE_LENGTH,
  MAX_SCOPES,
  SCOPES,
  scopesIn,
  scopesToAsk,
} from "../../src/oauth/scopes.ts";

describe("scopes", () => {
  it("OB21-S-01 OB21-S-02 OB21-S-03 OB21-S-05 are the standard's", () => {
    const base = "https://purl.imsglobal.org/spec/ob/v2p1/scope/";
    expect(SCOPES).toEqual({
      read: `${base}assertion.readonly`,
      create: `${base}assertion.create`,
      profile: `${base}profile.readonly`,
      offline: "offline_access",
    });
  });

  it("OB21-S-04 never asks to change a profile: nothing here does", () => {
    const update = "https://purl.imsglobal.org/spec/ob/v2p1/scope/profile.update";
    const offered = [update, ...Object.values(SCOPES)];
    expect(scopesToAsk("v2p1", offered, null)).not.toContain(update);
  });

  it.each<[string, Parameters<typeof scopesToAsk>, string[]]>([
    [
      "all that is needed",
      ["v2p1", [SCOPES.profile, SCOPES.read, SCOPES.create], null],
      [SCOPES.create, SCOPES.read, SCOPES.profile, SCOPES.offline],
    ],
    ["what is offered of it", ["v2p1", [SCOPES.read], null], [SCOPES.read, SCOPES.offline]],
    ["what was registered of it", ["v2p1", [SCOPES.read], [SCOPES.read]], [SCOPES.read]],
    ["nothing where nothing is offered", ["v2p1", ["email"], null], []],
    ["nothing where nothing was registered", ["v2p1", [SCOPES.read], [SCOPES.offline]], []],
    [
      "of Badgr its own",
      ["v2", ["rw:backpack", "r:profile", "rw:issuer"], null],
      ["rw:backpack", "r:profile"],
    ],
    ["nothing of a displayer", ["v1", [SCOPES.read], null], []],
  ])("asks for %s", (_name, given, asked) => {
    expect(scopesToAsk(...given)).toEqual(asked);
  });

  it.each([
    ["a b", ["a", "b"]],
    ["  a   a b ", ["a", "b"]],
    ["", []],
    ['a "b" c\\d é', ["a"]],
    [`a ${"x".repeat(MAX_SCOPE_LENGTH)}`, ["a", "x".repeat(MAX_SCOPE_LENGTH)]],
    [`a ${"x".repeat(MAX_SCOPE_LENGTH + 1)}`, ["a"]],
  ])("reads %j", (text, scopes) => {
    expect(scopesIn(text)).toEqual(scopes);
  });

  it("reads so many and no more", () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => `s${i}`).join(" ");
    expect(scopesIn(many(MAX_SCOPES))).toHaveLength(MAX_SCOPES);
    expect(scopesIn(many(MAX_SCOPES + 1))).toHaveLength(MAX_SCOPES);
  });

  it("reads of any text only what is a scope, each once", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const scopes = scopesIn(text);
        expect(scopes.every(isScope)).toBe(true);
        expect(new Set(scopes).size).toBe(scopes.length);
        expect(scopesIn(scopes.join(" "))).toEqual(scopes);
      }),
    );
  });
});
