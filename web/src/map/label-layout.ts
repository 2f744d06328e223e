/** Which names find room beside their symbols. Pure; `labels.ts` paints them. */

import { type Scene, STRIDE } from "@/map/scene";

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Placed {
  readonly no: number;
  readonly name: string;
  readonly left: number;
  readonly top: number;
}

export interface LabelWishes {
  /** Vehicle's number of a row, and its name. */
  readonly numberOf: (slot: number) => number;
  readonly nameOf: (vehicleNo: number) => string;
  /** How wide a name is, px. */
  readonly widthOf: (name: string) => number;
  /** Half the size of a symbol, px. */
  readonly radius: number;
  /** Numbers that get their name first and always: selected, pointed at. */
  readonly meant: ReadonlySet<number>;
  /** Numbers whose name was shown before; they go before others, so names do not flicker. */
  readonly before: ReadonlySet<number>;
  /** Boxes no name may cover. */
  readonly taken: readonly Box[];
}

/** With more symbols than this only those that are meant have names: more would be noise. */
export const LABELS_AT_MOST = 80;
export const LABEL_PX = 18;
const GAP_PX = 3;
/** A ring around a symbol that is meant is this much wider than the symbol. */
const RING_PX = 9;

const cross = (one: Box, other: Box): boolean =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

/** The names that are shown, and where. */
export function placeLabels(scene: Scene, wishes: LabelWishes): Placed[] {
  const { numberOf, nameOf, widthOf, radius, meant, before } = wishes;
  const crowded = scene.count > LABELS_AT_MOST;
  if (crowded && meant.size === 0) return [];
  const rank = (no: number): number => (meant.has(no) ? 0 : before.has(no) ? 1 : 2);
  const wanted: { no: number; x: number; y: number }[] = [];
  const boxes: Box[] = [...wishes.taken];
  for (let index = 0; index < scene.count; index += 1) {
    const no = numberOf(scene.slots[index] as number);
    const x = scene.instances[index * STRIDE] as number;
    const y = scene.instances[index * STRIDE + 1] as number;
    if (!crowded) boxes.push({ left: x - radius, top: y - radius, right: x + radius, bottom: y + radius });
    if (!crowded || meant.has(no)) wanted.push({ no, x, y });
  }
  const placed: Placed[] = [];
  for (const { no, x, y } of wanted.toSorted((one, other) => rank(one.no) - rank(other.no))) {
    const name = nameOf(no);
    if (!name) continue;
    const left = x + radius + (meant.has(no) ? RING_PX : 0) + GAP_PX;
    const top = y - LABEL_PX / 2;
    const box = { left, top, right: left + widthOf(name), bottom: top + LABEL_PX };
    if (!meant.has(no) && boxes.some((other) => cross(box, other))) continue;
    boxes.push(box);
    placed.push({ no, name, left, top });
  }
  return placed;
}
