/**
 * How often a mark is read where there is none, road by road: the cheap ones cost a tenth of a second a picture, the
 * search for a tilted plane seconds, so that each road has its own count of pictures. `HUOYAN_KEYS=N` looks for N keys in
 * each picture: another key is another draw of carrier and places, and so an independent trial of the checksum, but the
 * picture is the same. What was looked at is kept in `.cache/bench/protect-unmarked.json`, and the next call goes on from
 * there.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { wilson } from '../../src/bench/metrics.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { reducedLuma } from '../../src/protect/watermark/plane.ts';
import { type Road, readerOf } from '../../src/protect/watermark/read.ts';
import { learned } from './learned.ts';
import { unmarked } from './pictures.ts';

const KEYS = Array.from({ length: Number(process.env.HUOYAN_KEYS ?? 1) }, (_, i) => `bench ${i}`);
const FOLDER = '.cache/bench';
const FILE = `${FOLDER}/protect-unmarked.json`;
const ROADS: readonly Road[] = ['as-written', 'flat', 'tilted', 'border'];
/** Pictures between two writings of the state. */
const EVERY = 20;

interface Count {
  readonly road: Road;
  readonly keys: number;
  /** Files of the corpus behind us, and pictures among them. */
  at: number;
  pictures: number;
  /** Of the trials, one a picture and key. */
  found: number;
  /** Words whose checksum was asked. */
  words: number;
  sources: string[];
}

/** Goes on until every road of `HUOYAN_ROADS` (default: all) has looked at the first `count` files of the corpus. */
export async function falseReads(count: number): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const state: Count[] = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : [];
  const save = () => writeFileSync(FILE, JSON.stringify(state));
  const wanted = process.env.HUOYAN_ROADS?.split(',') ?? ROADS;
  for (const road of ROADS.filter((one) => wanted.includes(one))) {
    const one = counted(state, road);
    const sources = new Set(one.sources);
    for await (const { source, image } of unmarked(count, one.at)) {
      one.at++;
      if (!image) continue;
      await tried(image, one);
      sources.add(source);
      one.sources = [...sources];
      if (++one.pictures % EVERY === 0) save();
    }
    save();
  }
  console.log(
    'Upper ends (Wilson, 95 %) by pictures, as if all keys of a picture were one trial.\n\n| road | pictures | keys each | false reads | upper end, pictures | words tried | sources |\n| --- | --- | --- | --- | --- | --- | --- |',
  );
  for (const { road, pictures, keys, found, words, sources } of state) {
    if (pictures === 0) continue;
    const [, hi] = wilson(Math.min(found, pictures), pictures);
    console.log(
      `| ${road} | ${pictures} | ${keys} | ${found}/${pictures * keys} | ${(100 * hi).toFixed(2)} % | ${words} | ${sources.length} |`,
    );
  }
}

function counted(state: Count[], road: Road): Count {
  const known = state.find((one) => one.road === road && one.keys === KEYS.length);
  if (known) return known;
  const fresh = { road, keys: KEYS.length, at: 0, pictures: 0, found: 0, words: 0, sources: [] };
  state.push(fresh);
  return fresh;
}

async function tried(image: RgbImage, count: Count): Promise<void> {
  const { width, height } = image;
  const reader = readerOf({ width, height, luma: (factor) => reducedLuma(image, factor) });
  const watch = () => {
    count.words++;
  };
  for (const key of KEYS) {
    if ((await reader({ key, learned, roads: [count.road], watch })).found) count.found++;
  }
}
