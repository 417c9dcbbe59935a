import { describe, expect, it } from "vitest";
import { callerOf, remoteAddress } from "../../src/net/caller.ts";

describe("a caller", () => {
  it.each([
    ["93.184.216.34", "93.184.216.34"],
    ["::ffff:93.184.216.34", "93.184.216.34"],
    ["10.0.0.1", null],
    ["127.0.0.1", null],
    ["::1", null],
    ["fd00::1", null],
    ["not an address", null],
    [null, null],
  ])("%s stands for %s", (address, caller) => {
    expect(callerOf(address)).toBe(caller);
  });

  it("is the same from anywhere in its IPv6 network", () => {
    expect(callerOf("2a00:1450:4001:81b::1")).toBe(callerOf("2a00:1450:4001:81b:ffff::2"));
    expect(callerOf("2a00:1450:4001:81b::1")).not.toBe(callerOf("2a00:1450:4001:81c::1"));
  });

  it("is known by the socket where there is one, and by no header then", () => {
    const headers = new Headers({ "cf-connecting-ip": "93.184.216.34" });
    const incoming = { socket: { remoteAddress: "198.51.100.7" } };
    expect(remoteAddress({ incoming }, headers)).toBe("198.51.100.7");
    expect(remoteAddress({ incoming: {} }, headers)).toBe(null);
    expect(remoteAddress({}, headers)).toBe("93.184.216.34");
    expect(remoteAddress(undefined, new Headers())).toBe(null);
  });
});
