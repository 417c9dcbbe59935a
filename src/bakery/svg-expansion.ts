// Counts what an SVG comes to when every internal reference is followed: a bomb needs no entities.

import { MAX_SVG_EXPANDED_ELEMENTS } from "./limits.ts";
import type { SvgElement } from "./svg-walk.ts";

/** Elements that only describe a colour: painting with one draws nothing more. */
const PAINTS = new Set(["linearGradient", "radialGradient", "meshgradient", "solidcolor", "stop"]);

/** An element with an id (or the root), with what stands in it and what it refers to. */
interface Group {
  own: number;
  uses: (string | Group)[];
  depth: number;
  total: number | undefined;
}

/**
 * Collects elements in document order and answers how many would be drawn. A `use` of a group of
 * ten, used ten times by a third, makes a hundred; a few lines of that make billions.
 */
export class Expansion {
  private readonly root: Group = { own: 0, uses: [], depth: 0, total: undefined };
  private readonly open: Group[] = [this.root];
  private readonly byId = new Map<string, Group>();

  /** Takes the next start tag. */
  add(element: SvgElement): void {
    const { depth } = element;
    while (this.top().depth >= depth) this.open.pop();
    const id = element.attributes.find(({ name }) => name === "id")?.value;
    if (id !== undefined && !this.byId.has(id)) {
      const group: Group = { own: 0, uses: [], depth, total: undefined };
      this.byId.set(id, group);
      this.top().uses.push(group);
      this.open.push(group);
    }
    if (!PAINTS.has(element.local)) this.top().own++;
    for (const { local, value } of element.attributes) {
      if (local === "href" && value.startsWith("#")) this.top().uses.push(value.slice(1));
      else if (value.includes("(")) this.addFunctions(value);
    }
  }

  /** Whether the document comes to more than `max` elements. Circles count once. */
  exceeds(max = MAX_SVG_EXPANDED_ELEMENTS): boolean {
    const path: { group: Group; next: number; sum: number }[] = [];
    const enter = (group: Group) => {
      group.total = 0;
      path.push({ group, next: 0, sum: group.own });
    };
    enter(this.root);
    for (let step = path.at(-1); step; step = path.at(-1)) {
      const use = step.group.uses[step.next];
      if (use === undefined || step.sum > max) {
        step.group.total = step.sum;
        path.pop();
        continue;
      }
      const target = typeof use === "string" ? this.byId.get(use) : use;
      if (target && target.total === undefined) {
        enter(target);
        continue;
      }
      step.sum += target?.total ?? 0;
      step.next++;
    }
    return (this.root.total ?? 0) > max;
  }

  private top(): Group {
    return this.open.at(-1) ?? this.root;
  }

  private addFunctions(value: string): void {
    for (const [, id] of value.matchAll(/url\(\s*["']?#([^"')\s]+)/gi)) {
      if (id !== undefined) this.top().uses.push(id);
    }
  }
}
