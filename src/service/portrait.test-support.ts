/** A photograph of somebody for tests: it ships inside a development dependency, whose networks find the face in it. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { facesAvailable } from '../face/finder.node.ts';

const photograph = join(
  dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')),
  'demo',
  'sample2.jpg',
);

/** Its path; null, said once, where it or the networks are missing. */
export async function portraitForTests(): Promise<string | null> {
  if (existsSync(photograph) && (await facesAvailable())) return photograph;
  console.warn(
    'skipped: @vladmandic/face-api (photographs) or @vladmandic/human (networks) is not installed',
  );
  return null;
}
