/**
 * Where the dots of the network go. Sources are packed as discs first, then their pictures settle inside: a few
 * hundred steps of d3-force, which draws no chance of its own, so the same report has the same picture.
 */
import {
  forceCollide,
  forceLink,
  forceSimulation,
  forceX,
  forceY,
  type SimulationLinkDatum,
  type SimulationNodeDatum,
} from 'd3-force';

export interface Disc {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

interface Body extends SimulationNodeDatum {
  readonly radius: number;
  /** What it is drawn to. */
  readonly home: { readonly x: number; readonly y: number };
}

const PACKING_STEPS = 260;
const SETTLING_STEPS = 180;
/** Share of a packed group's disc that its dots cover. */
const COVERED = 0.52;

/** Discs of these radii, close together without touching; those linked are drawn to one another. */
export function packed(
  radii: readonly number[],
  links: readonly (readonly [number, number])[],
  gap: number,
): Disc[] {
  const bodies: Body[] = radii.map((radius) => ({ radius, home: { x: 0, y: 0 } }));
  // Flatter than a circle: wide enough for a screen, not too flat for a phone.
  return settled(bodies, links, { gap, across: 0.03, down: 0.05, bond: 0.02, steps: PACKING_STEPS });
}

/**
 * One disc of `radius` for each picture, in the order of `groups.flat()`; `links` are pairs of pictures that pull
 * together, whatever their groups. Every picture is in exactly one group.
 */
export function network(
  groups: readonly (readonly number[])[],
  links: readonly (readonly [number, number])[],
  radius: number,
): Map<number, Disc> {
  const group = new Map(groups.flatMap((members, g) => members.map((member) => [member, g])));
  const between = links
    .map(([a, b]) => [group.get(a) ?? 0, group.get(b) ?? 0] as const)
    .filter(([a, b]) => a !== b);
  const homes = packed(
    groups.map(({ length }) => radius * (length === 1 ? 1.15 : Math.sqrt(length / COVERED))),
    between,
    radius * 1.5,
  );
  const members = groups.flat();
  const place = new Map(members.map((member, i) => [member, i]));
  const bodies = groups.flatMap((one, g) =>
    one.map((_, k): Body => {
      // The most typical in the middle, the others around it like seeds of a sunflower.
      const away = one.length === 1 ? 0 : radius * 2.1 * Math.sqrt(k / 2.5);
      const turn = k * Math.PI * (3 - Math.sqrt(5));
      const home = homes[g];
      return { radius, home, x: home.x + away * Math.cos(turn), y: home.y + away * Math.sin(turn) };
    }),
  );
  const pulls = links.map(([a, b]) => [place.get(a) ?? 0, place.get(b) ?? 0] as const);
  const discs = settled(bodies, pulls, {
    gap: radius * 0.22,
    across: 0.16,
    down: 0.16,
    bond: 0.05,
    steps: SETTLING_STEPS,
  });
  return new Map(members.map((member, i) => [member, discs[i]]));
}

interface Forces {
  /** Least distance between rims. */
  readonly gap: number;
  /** Pull home, sideways and up or down. */
  readonly across: number;
  readonly down: number;
  /** Pull along links. */
  readonly bond: number;
  readonly steps: number;
}

function settled(bodies: Body[], links: readonly (readonly [number, number])[], forces: Forces): Disc[] {
  const { gap, across, down, bond, steps } = forces;
  forceSimulation(bodies)
    .force('x', forceX<Body>((body) => body.home.x).strength(across))
    .force('y', forceY<Body>((body) => body.home.y).strength(down))
    .force(
      'bond',
      forceLink<Body, SimulationLinkDatum<Body>>(links.map(([source, target]) => ({ source, target })))
        .distance(({ source, target }) => (source as Body).radius + (target as Body).radius + gap)
        .strength(bond),
    )
    .force('apart', forceCollide<Body>((body) => body.radius + gap / 2).iterations(3))
    .stop()
    .tick(steps);
  return bodies.map(({ x = 0, y = 0, radius }) => ({ x: round(x), y: round(y), radius: round(radius) }));
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The corners of the smallest convex shape around `points`, in order (Andrew's monotone chain). */
export function hull(points: readonly Disc[]): Disc[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  const half = (from: readonly Disc[]) => {
    const kept: Disc[] = [];
    for (const p of from) {
      while (kept.length > 1 && turn(kept[kept.length - 2], kept[kept.length - 1], p) <= 0) kept.pop();
      kept.push(p);
    }
    return kept.slice(0, -1);
  };
  return sorted.length < 3 ? sorted : [...half(sorted), ...half(sorted.toReversed())];
}

const turn = (a: Disc, b: Disc, c: Disc) => (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
