// LinkedIn's form: every field right, in January, with an ampersand, with no end.
import { describe, expect, it } from "vitest";
import { linkedInAddress } from "../../src/pages/linked-in.ts";

const BASE = {
  name: "Streak Champion",
  issuer: "Northside Peer Mentors",
  issuedAt: Date.UTC(2026, 0, 31, 23, 59),
  expiresAt: null,
  url: "https://badges.example.org/b/0123",
  id: "0123",
};

describe("the address of LinkedIn's form", () => {
  it("has every field, and those alone", () => {
    const url = new URL(linkedInAddress({ ...BASE, expiresAt: Date.UTC(2027, 11, 1) }));
    expect(url.origin + url.pathname).toBe("https://www.linkedin.com/profile/add");
    expect([...url.searchParams]).toEqual([
      ["startTask", "CERTIFICATION_NAME"],
      ["name", "Streak Champion"],
      ["organizationName", "Northside Peer Mentors"],
      ["issueYear", "2026"],
      ["issueMonth", "1"],
      ["expirationYear", "2027"],
      ["expirationMonth", "12"],
      ["certUrl", "https://badges.example.org/b/0123"],
      ["certId", "0123"],
    ]);
  });

  it("leaves the end out where there is none", () => {
    const { searchParams } = new URL(linkedInAddress(BASE));
    expect([searchParams.has("expirationYear"), searchParams.has("expirationMonth")]).toEqual([
      false,
      false,
    ]);
  });

  it.each([
    ["the last moment of January", Date.UTC(2026, 0, 31, 23, 59, 59, 999), "2026", "1"],
    ["the first of February", Date.UTC(2026, 1, 1), "2026", "2"],
    ["the last moment of a year", Date.UTC(2025, 11, 31, 23, 59, 59, 999), "2025", "12"],
    ["the first of a year", Date.UTC(2026, 0, 1), "2026", "1"],
  ])("%s", (_name, issuedAt, year, month) => {
    const { searchParams } = new URL(linkedInAddress({ ...BASE, issuedAt }));
    expect([searchParams.get("issueYear"), searchParams.get("issueMonth")]).toEqual([year, month]);
  });

  it.each(["A&B", "100 % = all + more", "a=b&certUrl=https://evil.example", "徽章 #1", 'a"b<c>'])(
    "%s stays one name",
    (name) => {
      const address = linkedInAddress({ ...BASE, name, issuer: name });
      const { searchParams } = new URL(address);
      expect([searchParams.getAll("name"), searchParams.getAll("organizationName")]).toEqual([
        [name],
        [name],
      ]);
      expect(searchParams.getAll("certUrl")).toEqual([BASE.url]);
      expect(address).not.toContain("+");
    },
  );
});
