// What a page says of a badge that has not arrived: what hinders it, and whether it is tried again.
import { describe, expect, it } from "vitest";
import { deliveryReason } from "../../src/backpack/reasons.ts";
import type { DeliveryState } from "../../src/db/deliveries.ts";
import { reasonWords } from "../../src/pages/backpack-reason.tsx";

describe("why a badge has not arrived", () => {
  const OPERATOR = "only the backpack’s operator";
  it.each<[DeliveryState, string, string]>([
    [
      "pending",
      "bad_answer",
      "tried again by itself. If it stays so, only the backpack’s operator",
    ],
    ["sending", "bad_answer", "tried again by itself"],
    ["unknown", "bad_answer", "tried again by itself"],
    ["parked", "bad_answer", "Only the backpack’s operator can put this right."],
    ["pending", "unreachable", "It is tried again by itself."],
    ["parked", "unreachable", "It is no longer tried by itself"],
    ["refused", "invalid_badge", "An administrator of this site"],
  ])("%s, %s: says %s", (state, last_problem, words) => {
    const reason = deliveryReason({ state, last_problem });
    const who = reason && reasonWords(reason, "en").who;
    expect(who).toContain(words);
    if (state === "parked") expect(who).not.toContain("tried again by itself");
    if (last_problem === "unreachable") expect(who).not.toContain(OPERATOR);
  });

  it("says nothing of what is past, and leaves the person's own part to the words", () => {
    expect(deliveryReason({ state: "delivered", last_problem: "bad_answer" })).toBeNull();
    expect(deliveryReason({ state: "pending", last_problem: null })).toBeNull();
    expect(deliveryReason({ state: "pending", last_problem: "reconnect" })?.turn).toBeNull();
  });
});
