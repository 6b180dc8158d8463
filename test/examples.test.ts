/**
 * The examples show what the README promises. Expected labels rest on what is written in the files and on the paste in
 * one of them; where the learned evidence could tip a picture either way, every label it may have is listed.
 */
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnalysedFile, Analysis } from '../src/core/analysis.ts';
import type { Evidence } from '../src/core/evidence.ts';
import { type Engine, openEngine } from '../src/evidence/analyse.node.ts';

const folder = fileURLToPath(new URL('../examples', import.meta.url));

const EXPECTED: Readonly<Record<string, string>> = {
  'drawing-of-a-window.png': 'inconclusive',
  'drawing-tiny-icon.png': 'inconclusive',
  'rendered-and-signed-c2pa.jpg': 'synthetic',
  'rendered-with-aigc-label.jpg': 'synthetic',
  'rendered-with-composite-source-type.jpg': 'suspect',
  'rendered-with-sd-parameters.png': 'synthetic',
  'rendered-with-may-be-label.webp': 'suspect or inconclusive',
  'signed-then-altered.jpg': 'manipulated',
};

let engine: Engine;
const seen = new Map<string, Analysis>();

beforeAll(async () => {
  engine = await openEngine();
  for (const name of Object.keys(EXPECTED)) {
    seen.set(name, await engine.analyseFile(join(folder, name), { stability: false }));
  }
});
afterAll(() => engine?.close());

function analysed(name: string): AnalysedFile {
  const analysis = seen.get(name);
  if (analysis?.outcome !== 'analysed') throw new Error(`${name} was not analysed`);
  return analysis;
}

function evidence(name: string, detector: string): Evidence {
  return analysed(name).evidence.find((one) => one.detector === detector)!;
}

/** Out of an installed development package, see examples/prepare.mjs. */
const wall = join(folder, 'real-wall.jpg');

describe('examples', () => {
  it.skipIf(!existsSync(wall))('a photograph straight from a telephone is authentic', async () => {
    const analysis = await engine.analyseFile(wall);
    expect(analysis).toMatchObject({ verdict: { label: 'authentic', stability: { flips: 0 } } });
  });

  it.each(Object.entries(EXPECTED))('%s is %s', (name, expected) => {
    const analysis = seen.get(name)!;
    const answer = analysis.outcome === 'analysed' ? analysis.verdict.label : analysis.error.code;
    expect(expected.split(' or ')).toContain(answer);
  });

  it('an unknown signer is reported as such', () => {
    const { details } = evidence('rendered-and-signed-c2pa.jpg', 'provenance');
    expect(details.c2pa).toMatchObject({
      integrity: { result: 'passed' },
      signature: { result: 'passed' },
      binding: { result: 'passed' },
      trust: { result: 'noTrustList' },
    });
  });

  it('the pasted balloon is found where it is, and the broken seal beside it', () => {
    const found = evidence('signed-then-altered.jpg', 'splice');
    if (found.status !== 'detected') throw new Error(`splice says ${found.status}`);
    const [{ x, y, width, height }] = found.regions;
    expect([x < 183, x + width > 183, y < 149, y + height > 149]).toEqual([true, true, true, true]);
    expect(width * height).toBeLessThan(720 * 480 * 0.35);
    expect(evidence('signed-then-altered.jpg', 'provenance')).toMatchObject({ claim: 'manipulated' });
  });

  it('nothing can be said of a tiny drawing', () => {
    for (const detector of ['synthesis', 'splice']) {
      expect(evidence('drawing-tiny-icon.png', detector).status).toBe('notApplicable');
    }
  });

  it('are listed here, small, and nothing else is committed beside them', async () => {
    const names = (await readdir(folder)).filter((name) => !name.startsWith('real-'));
    expect(names.sort()).toEqual(
      [
        ...Object.keys(EXPECTED),
        ...['README.md', 'gate-middleware.mjs', 'prepare.mjs', 'screenmark.html', 'verdict.html'],
      ].sort(),
    );
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
    expect(Math.max(...sizes)).toBeLessThan(300_000);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1_500_000);
  });
});
