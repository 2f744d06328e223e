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
  readonly radiusPx: number;
  /** Numbers that get their name first and always: selected, pointed at. */
  readonly meant: ReadonlySet<number>;
  /** Numbers whose name was shown before; they go before others, so names do not flicker. */
  readonly before: ReadonlySet<number>;
  /** Width of the map, px; a name that would leave it stands on the other side. */
  readonly width: number;
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

interface Wanted {
  readonly no: number;
  readonly x: number;
  readonly y: number;
}

/** The names that are shown, and where. */
export function placeLabels(scene: Scene, wishes: LabelWishes): Placed[] {
  const { nameOf, widthOf, meant, before } = wishes;
  const crowded = scene.count > LABELS_AT_MOST;
  if (crowded && meant.size === 0) return [];
  const all = symbolsOf(scene, wishes);
  const boxes: Box[] = [
    ...wishes.taken,
    ...(crowded ? [] : all.map((symbol) => around(symbol, wishes.radiusPx))),
  ];
  const rank = ({ no }: Wanted): number => (meant.has(no) ? 0 : before.has(no) ? 1 : 2);
  const wanted = crowded ? all.filter(({ no }) => meant.has(no)) : all;
  const placed: Placed[] = [];
  for (const symbol of wanted.toSorted((one, other) => rank(one) - rank(other))) {
    const name = nameOf(symbol.no);
    const box = beside(symbol, widthOf(name), wishes);
    if (name === "" || (!meant.has(symbol.no) && boxes.some((other) => cross(box, other)))) continue;
    boxes.push(box);
    placed.push({ no: symbol.no, name, left: box.left, top: box.top });
  }
  return placed;
}

function symbolsOf(scene: Scene, { numberOf }: LabelWishes): Wanted[] {
  return Array.from({ length: scene.count }, (_, index) => ({
    no: numberOf(scene.slots[index] as number),
    x: scene.instances[index * STRIDE] as number,
    y: scene.instances[index * STRIDE + 1] as number,
  }));
}

function around({ x, y }: Wanted, radiusPx: number): Box {
  return { left: x - radiusPx, top: y - radiusPx, right: x + radiusPx, bottom: y + radiusPx };
}

/** Right of the symbol, or left of it where the map ends. */
function beside({ no, x, y }: Wanted, wide: number, { radiusPx, meant, width }: LabelWishes): Box {
  const away = radiusPx + (meant.has(no) ? RING_PX : 0) + GAP_PX;
  const left = x + away + wide > width ? x - away - wide : x + away;
  return { left, top: y - LABEL_PX / 2, right: left + wide, bottom: y + LABEL_PX / 2 };
}
