/**
 * How often a mark is read where there is none, road by road: the cheap ones cost a tenth of a second a picture, the
 * search for a tilted plane ten seconds, so that each road has its own count of pictures. What was looked at is kept in
 * `.cache/bench/protect-unmarked.json`, and the next call goes on from there.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { wilson } from '../../src/bench/metrics.ts';
import { type Road, read } from '../../src/protect/watermark/read.ts';
import { learned } from './learned.ts';
import { unmarked } from './pictures.ts';

const KEY = 'bench';
const FOLDER = '.cache/bench';
const FILE = `${FOLDER}/protect-unmarked.json`;
const ROADS: readonly Road[] = ['as-written', 'flat', 'tilted', 'border'];
/** Pictures between two writings of the state. */
const EVERY = 20;

interface Count {
  /** Files of the corpus behind us, and pictures among them. */
  at: number;
  looked: number;
  found: number;
  sources: string[];
}
type State = Partial<Record<Road, Count>>;

/** Goes on until every road of `HUOYAN_ROADS` (default: all) has looked at the first `count` files of the corpus. */
export async function falseReads(count: number): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const state: State = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : {};
  const save = () => writeFileSync(FILE, JSON.stringify(state));
  const wanted = process.env.HUOYAN_ROADS?.split(',') ?? ROADS;
  for (const road of ROADS.filter((one) => wanted.includes(one))) {
    state[road] ??= { at: 0, looked: 0, found: 0, sources: [] };
    const one = state[road];
    const sources = new Set(one.sources);
    for await (const { source, image } of unmarked(count, one.at)) {
      one.at++;
      if (!image) continue;
      if ((await read(image, { key: KEY, learned, roads: [road] })).found) one.found++;
      sources.add(source);
      one.sources = [...sources];
      if (++one.looked % EVERY === 0) save();
    }
    save();
  }
  console.log('| road | false reads | upper end (95 %) | sources |\n| --- | --- | --- | --- |');
  for (const road of ROADS) {
    const one = state[road];
    if (!one || one.looked === 0) continue;
    const [, hi] = wilson(one.found, one.looked);
    console.log(
      `| ${road} | ${one.found}/${one.looked} | ${(100 * hi).toFixed(2)} % | ${one.sources.length} |`,
    );
  }
}
