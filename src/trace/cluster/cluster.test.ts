import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { type Clustering, type ClusterOptions, clusterSources, sourceLinks } from './cluster.ts';
import { averageLinkage } from './linkage.ts';
import { Pairs } from './pairs.ts';

/** The textbook: all pairs of groups compared before every join. */
function slow(count: number, affinity: (i: number, j: number) => number): number[][] {
  const groups = Array.from({ length: count }, (_, i) => [i]);
  for (;;) {
    let best = 0;
    let pair: [number, number] | null = null;
    for (let b = 1; b < groups.length; b++) {
      for (let a = 0; a < b; a++) {
        const all = groups[a].flatMap((i) => groups[b].map((j) => affinity(Math.min(i, j), Math.max(i, j))));
        const mean = all.reduce((sum, v) => sum + v, 0) / all.length;
        if (mean > best) {
          best = mean;
          pair = [a, b];
        }
      }
    }
    if (pair === null) break;
    groups[pair[0]].push(...groups.splice(pair[1], 1)[0]);
  }
  return groups.map((g) => g.sort((x, y) => x - y)).sort((x, y) => x[0] - y[0]);
}

/** Similarities of `labels.length` pictures: about `near` within a label and about `far` across. */
function planted(labels: readonly number[], seed: number, near = 0.6, far = 0.05, spread = 0.1): Pairs {
  const random = new Random(seed);
  return new Pairs(labels.length, (i, j) =>
    Math.max(-1, Math.min(1, (labels[i] === labels[j] ? near : far) + spread * random.normal())),
  );
}

const options: ClusterOptions = { llr: (s) => Math.max(-6, Math.min(6, 24 * (s - 0.3))) };

const labels = fc.array(fc.nat(4), { minLength: 0, maxLength: 40 });
const seed = fc.nat(1_000_000);

describe('average linkage', () => {
  it('finds the groups of the textbook algorithm', () => {
    fc.assert(
      fc.property(fc.nat(14), seed, (count, s) => {
        const random = new Random(s);
        const pairs = new Pairs(count, () => random.uniform(-1, 1));
        const affinity = (i: number, j: number) => pairs.get(i, j);
        expect(averageLinkage(count, affinity)).toEqual(slow(count, affinity));
      }),
      { numRuns: 300 },
    );
  });

  it('takes infinite affinities, and ties without end', () => {
    expect(averageLinkage(4, (i, j) => (j === i + 1 && i !== 1 ? Infinity : -Infinity))).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(averageLinkage(50, () => 1)).toHaveLength(1);
    expect(averageLinkage(50, () => 0)).toHaveLength(50);
    fc.assert(
      fc.property(fc.nat(30), seed, (count, s) => {
        const random = new Random(s);
        const groups = averageLinkage(count, () => random.pick([-1, 1]));
        expect(groups.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
      }),
    );
  });
});

describe('clusters', () => {
  it('are the planted ones, the small ones left out', () => {
    fc.assert(
      fc.property(labels, seed, (plan, s) => {
        const { clusters, unclustered } = clusterSources(planted(plan, s, 0.65, 0.05, 0.04), options);
        const wanted = new Map<number, number[]>();
        plan.forEach((label, i) => {
          wanted.set(label, [...(wanted.get(label) ?? []), i]);
        });
        const large = [...wanted.values()].filter((g) => g.length >= 3);
        expect(new Set(clusters.map((c) => [...c.members].sort((a, b) => a - b).join()))).toEqual(
          new Set(large.map((g) => g.join())),
        );
        expect(unclustered).toEqual(plan.map((_, i) => i).filter((i) => !large.some((g) => g.includes(i))));
        expect(clusters.map((c) => c.id)).toEqual(large.map((_, i) => i + 1));
        for (let i = 1; i < clusters.length; i++)
          expect(clusters[i].members.length).toBeLessThanOrEqual(clusters[i - 1].members.length);
        for (const { cohesion } of clusters) expect(cohesion).toBeGreaterThan(0.5);
      }),
    );
  });

  it('do not depend on the order of the pictures, however muddled their similarities', () => {
    fc.assert(
      fc.property(fc.nat(40), seed, fc.boolean(), (count, s, muddled) => {
        const random = new Random(s);
        const plan = Array.from({ length: count }, () => random.below(5));
        // Far from the ends of the scale, where equal similarities and so equal means would come about.
        const before = planted(plan, s, muddled ? 0.3 : 0.42, 0.18, 0.08);
        const order = random.shuffle(plan.map((_, i) => i));
        const after = new Pairs(count, (i, j) => before.get(order[i], order[j]));
        const unclipped = { llr: (similarity: number) => 24 * (similarity - 0.3) };
        expect(partition(clusterSources(after, unclipped), (i) => order[i])).toEqual(
          partition(clusterSources(before, unclipped), (i) => i),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('of nothing, one and two pictures', () => {
    expect(clusterSources(new Pairs(0, () => 1), options)).toEqual({ clusters: [], unclustered: [] });
    expect(clusterSources(new Pairs(1, () => 1), options)).toEqual({ clusters: [], unclustered: [0] });
    expect(clusterSources(new Pairs(2, () => 1), options)).toEqual({ clusters: [], unclustered: [0, 1] });
    const two = clusterSources(new Pairs(2, () => 1), { ...options, smallest: 2 });
    expect(two.clusters).toHaveLength(1);
    expect(two.clusters[0].members).toEqual([0, 1]);
    const alone = clusterSources(new Pairs(1, () => 1), { ...options, smallest: 1 });
    expect(alone.clusters).toEqual([{ id: 1, members: [0], cohesion: 1 }]);
  });

  it('of pictures all alike and all different', () => {
    const alike = clusterSources(new Pairs(60, () => 1), options);
    expect(alike.clusters).toHaveLength(1);
    expect(alike.clusters[0].members).toHaveLength(60);
    expect(alike.clusters[0].cohesion).toBeCloseTo(1 / (1 + Math.exp(Math.log(9) - 6)), 6);
    const different = clusterSources(new Pairs(60, () => 0), options);
    expect(different.clusters).toEqual([]);
    expect(different.unclustered).toHaveLength(60);
  });

  it('are more the less likely a shared source was before looking', () => {
    const plan = Array.from({ length: 40 }, (_, i) => i % 4);
    const pairs = planted(plan, 7, 0.38, 0.2, 0.12);
    const groups = (prior: number) => {
      const { clusters, unclustered } = clusterSources(pairs, { ...options, prior, smallest: 1 });
      expect(unclustered).toEqual([]);
      return clusters.length;
    };
    expect(groups(0.001)).toBeGreaterThan(groups(0.1));
    expect(groups(0.1)).toBeGreaterThanOrEqual(groups(0.9));
  });

  it('refuse what is no probability, no ratio and no similarity', () => {
    const pairs = new Pairs(3, () => 0.5);
    for (const prior of [0, 1, Number.NaN]) {
      expect(() => clusterSources(pairs, { ...options, prior })).toThrow(RangeError);
    }
    expect(() => clusterSources(pairs, { llr: () => Number.NaN })).toThrow(RangeError);
    expect(() => new Pairs(3, () => Number.NaN)).toThrow(RangeError);
  });

  it('name the picture most like the others first', () => {
    const centre = 3;
    const pairs = new Pairs(7, (i, j) => (i === centre || j === centre ? 0.55 : 0.42 + (i + j) / 1000));
    expect(clusterSources(pairs, options).clusters[0].members[0]).toBe(centre);
  });

  it('of 2,000 pictures are found in seconds', () => {
    const plan = Array.from({ length: 2000 }, (_, i) => Math.floor(Math.sqrt(i)));
    const { clusters } = clusterSources(planted(plan, 1), options);
    expect(clusters).toHaveLength(44);
  });
});

describe('links', () => {
  it('stay inside clusters, speak for one source, and reach every picture that has such a partner', () => {
    fc.assert(
      fc.property(labels, seed, fc.integer({ min: 1, max: 4 }), (plan, s, partners) => {
        const pairs = planted(plan, s, 0.4, 0.15, 0.15);
        const clustering = clusterSources(pairs, options);
        const links = sourceLinks(pairs, clustering, options, partners);
        const home = new Map(clustering.clusters.flatMap((c) => c.members.map((m) => [m, c.id])));
        const linked = new Set(links.flatMap(({ a, b }) => [a, b]));
        for (const { a, b, probability } of links) {
          expect(a).toBeLessThan(b);
          expect(home.get(a)).toBe(home.get(b));
          expect(probability).toBeGreaterThan(0.5);
        }
        expect(new Set(links.map(({ a, b }) => `${a} ${b}`)).size).toBe(links.length);
        for (const { members } of clustering.clusters) {
          for (const m of members) {
            const has = members.some((o) => o !== m && options.llr(pairs.get(m, o)) > Math.log(9));
            expect(linked.has(m)).toBe(has);
          }
        }
      }),
    );
  });
});

/** Clusters as sets, by the names the pictures had before. */
function partition({ clusters, unclustered }: Clustering, name: (i: number) => number) {
  const sets = (members: readonly number[]) => members.map(name).sort((a, b) => a - b);
  return {
    clusters: clusters
      .map((c) => ({ members: sets(c.members).join(), cohesion: c.cohesion.toFixed(9) }))
      .sort((a, b) => a.members.localeCompare(b.members)),
    unclustered: sets(unclustered),
  };
}
