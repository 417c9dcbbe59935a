// Each type of criterion read plainly, person by person, as somebody would who counts on paper.
import { DAY_MS, type Living, NOW, TODAY } from "./crowd.ts";

type Params = Readonly<Record<string, string>>;

/** Whether somebody meets each param, in no order. */
export function plainly(
  type: string,
  params: Params,
  person: Living,
  others: readonly string[],
): boolean[] {
  const asked = Object.entries(params).filter(
    ([name]) => !/^(window|unit|grade|bydate)_/.test(name),
  );
  return asked.map(([name, value]) => {
    const key = name.slice(name.indexOf("_") + 1);
    if (type === "metric") return metric(key, Number(value), params, person);
    if (type === "manual") return person.roles.includes(key);
    if (type === "badge") {
      return person.badges.some(({ which, state }) => others[which] === key && state === "valid");
    }
    return fact(type === "courseset" ? "course" : type, key, params, person);
  });
}

function metric(key: string, threshold: number, params: Params, person: Living): boolean {
  if (key === "certification_active") return fact("state", key, params, person);
  const today = person.zone === "Pacific/Kiritimati" ? TODAY + 1 : TODAY;
  const window = params[`window_${key}`];
  const length = window === undefined ? Number.POSITIVE_INFINITY : (DAYS[window] ?? 0);
  const counted = key.startsWith("streak_") ? "activity_count" : key;
  const deeds = person.deeds.filter(
    (deed) => deed.metric === counted && today - (TODAY - deed.ago) < length,
  );
  const days = deeds.map(({ ago }) => TODAY - ago);
  if (key === "streak_days" || params[`unit_${key}`] === "day") return longest(days) >= threshold;
  if (key === "streak_weeks" || params[`unit_${key}`] === "week") {
    return (
      longest([...new Set(days.map(mondayOf))].map((day) => (day - A_MONDAY) / 7)) >= threshold
    );
  }
  const sum = (of: (deed: Living["deeds"][number]) => number) =>
    deeds.reduce((all, one) => all + of(one), 0);
  return key === "activity_hours"
    ? sum(({ quantity }) => quantity) >= threshold * 1000
    : sum(({ count }) => count) >= threshold;
}

export const DAYS: Readonly<Record<string, number>> = { P1D: 1, P5D: 5, P1W: 7, P2W: 14 };

/** 1970-01-05. */
const A_MONDAY = 4;

/** Sunday is 0 on the calendar, and the last day of a week here. */
function mondayOf(day: number): number {
  const weekday = (new Date(day * DAY_MS).getUTCDay() + 6) % 7;
  return day - weekday;
}

function longest(steps: readonly number[]): number {
  const there = new Set(steps);
  let best = 0;
  for (const step of there) {
    let run = 0;
    while (there.has(step + run)) run++;
    best = Math.max(best, run);
  }
  return best;
}

function fact(kind: string, key: string, params: Params, person: Living): boolean {
  const grade = params[`grade_${key}`];
  const bydate = params[`bydate_${key}`];
  return person.held.some(({ fact: [of, its], from, until, grade: got }) => {
    if (of !== kind || its !== key) return false;
    if (from > 0 || (until !== null && until <= 0)) return false;
    if (grade !== undefined && (got === null || got < Number(grade) * 1000)) return false;
    return bydate === undefined || NOW + from * DAY_MS < Date.parse(bydate) + DAY_MS;
  });
}
