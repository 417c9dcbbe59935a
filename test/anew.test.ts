import { expect, it } from "vitest";
import { anew } from "../src/anew.ts";
import { Problem } from "../src/problem.ts";

class Overtaken extends Error {}

const isOvertaken = (error: unknown) => error instanceof Overtaken;

it("does once what nobody overtakes, and again what was overtaken", async () => {
  let asked = 0;
  const deed = async () => {
    asked++;
    if (asked < 3) throw new Overtaken();
    return asked;
  };
  expect(await anew(deed, isOvertaken)).toBe(3);
  expect(await anew(deed, isOvertaken)).toBe(4);
});

it("gives up on what is overtaken again and again, and says so", async () => {
  let asked = 0;
  const deed = async () => {
    asked++;
    throw new Overtaken();
  };
  const error = await anew(deed, isOvertaken).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Problem);
  expect((error as Problem).code).toBe("edit-conflict");
  expect(asked).toBe(8);
});

it("passes on what is no overtaking, at once", async () => {
  let asked = 0;
  const deed = async () => {
    asked++;
    throw new RangeError("a fault");
  };
  await expect(anew(deed, isOvertaken)).rejects.toThrow(RangeError);
  expect(asked).toBe(1);
});
