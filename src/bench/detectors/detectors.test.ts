import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { picture } from '../../../test/pictures.ts';
import { encodePng, readImage } from '../../media/index.node.ts';
import { exportInference, initialWeights, network } from '../../nn/index.ts';
import type { BenchItem } from '../data/item.ts';
import { commandDetector, splitWords, understand } from './command.ts';
import { Hopeless, type Sample } from './detector.ts';
import { at, type HttpDescription, httpDetector, readDescription } from './http.ts';
import { type OnnxDescription, onnxDetector } from './onnx.ts';
import { fitted, numbersOf } from './pixels.ts';
import { SERVICES } from './services/catalogue.ts';

const folder = mkdtempSync(join(tmpdir(), 'huoyan-detectors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const never = new AbortController().signal;
let bytes: Uint8Array;
let sample: Sample;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  bytes = await encodePng(picture(1, 40, 32));
  const path = join(folder, 'a picture.png');
  writeFileSync(path, bytes);
  const item: BenchItem = { key: 'set/a picture.png', path, label: 'fake', media: 'image' };
  sample = {
    item,
    bytes,
    image: () => readImage(bytes, item.key),
    file: async () => path,
    fileOf: async () => path,
  };
});

describe('an ONNX file', () => {
  // The mean of the green channel and its opposite, so that every setting shows in the numbers.
  const net = network({
    ...{ name: 'green', seed: 1, inputs: { x: [3, 8, 8] } },
    build: (b, { x }) => {
      const green = b.mean(b.slice(x, [{ axis: 1, start: 1, end: 2 }]), { axes: [1, 2, 3] });
      const column = b.reshape(green, [x.shape[0], 1]);
      return { both: b.concat([b.neg(column), column]) };
    },
  });
  const description: OnnxDescription = {
    ...{ kind: 'onnx', name: 'green', model: 'green.onnx' },
    input: { width: 8, height: 8, mean: [0.5, 0.25, 0.5], std: [1, 0.5, 1] },
    output: {},
  };
  beforeAll(() =>
    writeFileSync(join(folder, 'green.onnx'), exportInference(net, initialWeights(net), { half: false })),
  );
  const open = (more: object) =>
    onnxDetector({ ...description, ...more } as OnnxDescription, join(folder, 'd.json'));
  const score = async (more: object) => {
    const detector = await open(more);
    const opinion = await detector.judge(sample, never);
    await detector.close();
    return opinion.status === 'ok' ? opinion.score : Number.NaN;
  };

  it('gets the picture as described', async () => {
    const small = await fitted(picture(1, 40, 32), description.input);
    let green = 0;
    for (let i = 1; i < small.data.length; i += 3) green += small.data[i] / 64;
    const wanted = (green / 255 - 0.25) / 0.5;
    expect(await score({})).toBeCloseTo(wanted, 2);
    expect(await score({ output: { index: 0 } })).toBeCloseTo(-wanted, 2);
    expect(await score({ output: { polarity: 'higher-is-real' } })).toBeCloseTo(-wanted, 2);
    const p = 1 / (1 + Math.exp(-2 * wanted));
    expect(await score({ output: { activation: 'softmax' } })).toBeCloseTo(p, 2);
    const turned = { activation: 'softmax', polarity: 'higher-is-real' };
    expect(await score({ output: turned })).toBeCloseTo(1 - p, 2);
  });

  it('that is not there, or has other names, is refused', async () => {
    await expect(open({ model: 'nowhere.onnx' })).rejects.toMatchObject({ code: 'bad-argument' });
    await expect(open({ output: { name: 'score' } })).rejects.toThrow('outputs both');
    await expect(open({ input: {} })).rejects.toMatchObject({ code: 'bad-argument' });
    writeFileSync(join(folder, 'broken.onnx'), 'nothing');
    await expect(open({ model: 'broken.onnx' })).rejects.toMatchObject({ code: 'corrupt' });
  });

  it('may want any order of numbers', () => {
    const image = { width: 2, height: 1, data: Uint8Array.of(255, 0, 51, 0, 102, 0) };
    const of = (more: object) =>
      [...numbersOf(image, { width: 2, height: 1, ...more })].map((v) => Math.round(v * 10) / 10);
    expect(of({})).toEqual([1, 0, 0, 0.4, 0.2, 0]);
    expect(of({ layout: 'NHWC' })).toEqual([1, 0, 0.2, 0, 0.4, 0]);
    expect(of({ colour: 'BGR' })).toEqual([0.2, 0, 0, 0.4, 1, 0]);
    expect(of({ divide: 1, layout: 'NHWC' })).toEqual([255, 0, 51, 0, 102, 0]);
  });
});

describe('a command', () => {
  const node = (script: string) => [process.execPath, '-e', script, '{file}'];
  const ask = (script: string, more: object = {}) =>
    commandDetector({ kind: 'command', name: 'program', command: node(script), ...more }).judge(
      sample,
      never,
    );

  it('gets the file without a shell, and its last number or object counts', async () => {
    const length = 'console.log("looking"); console.log(require("fs").readFileSync(process.argv[1]).length)';
    expect(await ask(length, { scale: 'unbounded' })).toEqual({ status: 'ok', score: bytes.length });
    expect(await ask('console.log(JSON.stringify({score:0.25,verdict:"real"}))')).toEqual({
      ...{ status: 'ok', score: 0.25, verdict: 'real' },
    });
    expect(await ask('console.log(0.2)', { polarity: 'higher-is-real' })).toEqual({
      status: 'ok',
      score: 0.8,
    });
    expect(await ask('console.log(JSON.stringify({status:"notApplicable",reason:"no face"}))')).toEqual({
      ...{ status: 'notApplicable', reason: 'no face' },
    });
  });

  it('that breaks, hangs, babbles or says nothing fails this file; one that is not there ends the run', async () => {
    await expect(ask('console.error("out of memory"); process.exit(3)')).rejects.toThrow(
      'exit code 3, out of memory',
    );
    await expect(ask('setTimeout(() => {}, 60000)', { timeoutMs: 300 })).rejects.toMatchObject({
      code: 'timeout',
    });
    await expect(ask('console.log("x".repeat(2e6))')).rejects.toMatchObject({ code: 'corrupt' });
    await expect(ask('')).rejects.toMatchObject({ code: 'corrupt' });
    const nobody = commandDetector({ kind: 'command', name: 'n', command: '/no/such/program' });
    await expect(nobody.judge(sample, never)).rejects.toBeInstanceOf(Hopeless);
    expect(() => commandDetector({ kind: 'command', name: 'n', command: '"open' })).toThrow('no command');
  });

  it('is split as a shell would, without being one', () => {
    expect(splitWords(`prog --x "a b" 'c "d"' e\\ f $HOME;`)).toEqual([
      'prog',
      '--x',
      'a b',
      'c "d"',
      'e f',
      '$HOME;',
    ]);
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        expect(splitWords(words.map((word) => `'${word.replaceAll("'", `'"'"'`)}'`).join(' '))).toEqual(
          words,
        );
      }),
    );
  });

  it('may answer anything without breaking the reader', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (output) => {
        try {
          const opinion = understand(output, 'x');
          if (opinion.status === 'ok') expect(Number.isFinite(opinion.score)).toBe(true);
        } catch (error) {
          expect((error as { code: string }).code).toBe('corrupt');
        }
      }),
    );
  });
});

describe('a service', () => {
  let server: Server | undefined;
  afterEach(() => new Promise<void>((done) => (server ? server.close(() => done()) : done())));

  type Answer = { status?: number; headers?: Record<string, string>; body?: unknown; silent?: boolean };
  const seen: { method: string; url: string; key: string; body: Buffer }[] = [];

  /** A server on this machine that gives `answers` in turn, the last one for ever. */
  async function serve(...answers: ((base: string) => Answer)[]): Promise<string> {
    seen.length = 0;
    let base = '';
    server = createServer((request: IncomingMessage, response: ServerResponse) => {
      const parts: Buffer[] = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        const key = String(headers['x-api-key'] ?? headers.authorization ?? '');
        seen.push({ method, url, key, body: Buffer.concat(parts) });
        const answer = answers[Math.min(seen.length, answers.length) - 1](base);
        if (answer.silent) return;
        const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? null);
        response.writeHead(answer.status ?? 200, { connection: 'close', ...answer.headers }).end(text);
      });
    });
    await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return base;
  }
  const judge = (description: HttpDescription, base: string, more: Partial<HttpDescription> = {}) => {
    const env = { [description.secret ?? '']: 'key-1' };
    const quick = description.steps.map((step) =>
      step.until ? { ...step, until: { ...step.until, everyMs: 1 } } : step,
    );
    const detector = httpDetector({ ...description, steps: quick, base, ...more }, 'd', {
      env,
      backOffMs: 1,
    });
    return detector.judge(sample, never);
  };
  const { hive, sensity, 'reality-defender': defender } = SERVICES;
  const classes = (score: number) => ({
    status: [
      {
        response: {
          output: [
            {
              classes: [
                { class: 'not_ai_generated', score: 1 - score },
                { class: 'ai_generated', score },
              ],
            },
          ],
        },
      },
    ],
  });

  it('of the shape of Hive', async () => {
    const base = await serve(() => ({ body: classes(0.97) }));
    expect(await judge(hive, base)).toEqual({ status: 'ok', score: 0.97 });
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/api/v2/task/sync', key: 'Token key-1' });
    expect(seen[0].body.includes(Buffer.from(bytes))).toBe(true);
    expect(seen[0].body.toString('latin1')).toContain('name="media"; filename="a picture.png"');
  });

  it('of the shape of Reality Defender', async () => {
    const summary = (status: string, finalScore: number | null) => ({
      body: { resultsSummary: { status, metadata: { finalScore } }, models: [] },
    });
    const ticket = (base: string) => ({
      body: {
        code: 'ok',
        response: { signedUrl: `${base}/bucket?signature=1` },
        requestId: 'r-7',
        mediaId: 'm',
      },
    });
    const upload = () => ({ body: '' });
    let base = await serve(
      ticket,
      upload,
      () => summary('ANALYZING', null),
      () => summary('FAKE', 93.5),
    );
    expect(await judge(defender, base)).toEqual({ status: 'ok', score: 0.935 });
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      ...['POST /api/files/aws-presigned', 'PUT /bucket?signature=1'],
      ...['GET /api/media/users/r-7', 'GET /api/media/users/r-7'],
    ]);
    expect(JSON.parse(seen[0].body.toString())).toEqual({ fileName: 'a picture.png' });
    expect(seen[1].body.equals(Buffer.from(bytes))).toBe(true);
    // The key goes to the service, never to the place the file is put.
    expect(seen.map(({ key }) => key)).toEqual(['key-1', '', 'key-1', 'key-1']);
    server?.close();
    base = await serve(ticket, upload, () => summary('NOT_APPLICABLE', null));
    expect(await judge(defender, base)).toEqual({ status: 'notApplicable', reason: 'NOT_APPLICABLE' });
    server?.close();
    base = await serve(ticket, upload, () => summary('UNABLE_TO_EVALUATE', null));
    expect(await judge(defender, base)).toEqual({ status: 'inconclusive', score: null });
  });

  it('of the shape of Sensity', async () => {
    const result = (name: string, probability: number) => ({
      body: { status: 'completed', result: { class_name: name, class_probability: probability } },
    });
    const base = await serve(
      () => ({ body: { success: true, report_id: 42 } }),
      () => ({ body: { status: 'in_progress' } }),
      () => result('real', 0.75),
    );
    expect(await judge(sensity, base)).toEqual({ status: 'ok', score: 0.25 });
    expect(seen.at(-1)?.url).toBe('/tasks/ai_generated_image_detection/42');
  });

  it('that throttles is waited for, as long as it asks', async () => {
    const busy = () => ({ status: 429, headers: { 'retry-after': '0.05' }, body: { message: 'slow down' } });
    let base = await serve(
      busy,
      () => ({ status: 503 }),
      () => ({ body: classes(0.5) }),
    );
    const started = performance.now();
    expect(await judge(hive, base)).toMatchObject({ score: 0.5 });
    expect(performance.now() - started).toBeGreaterThan(45);
    expect(seen).toHaveLength(3);
    server?.close();
    base = await serve(() => ({ status: 429 }));
    await expect(judge(hive, base, { retries: 2 })).rejects.toThrow('429');
    expect(seen).toHaveLength(3);
  });

  it('that refuses the key ends the run', async () => {
    const base = await serve(() => ({ status: 401, body: { message: 'no' } }));
    await expect(judge(hive, base)).rejects.toBeInstanceOf(Hopeless);
    expect(seen).toHaveLength(1);
    expect(() => httpDetector(hive, 'd', { env: {} })).toThrow('HIVE_API_KEY');
  });

  it('that answers nonsense, too late, elsewhere or not at all fails this file', async () => {
    for (const body of ['<html>', '{}', 'null', JSON.stringify(classes(Number.NaN))]) {
      const base = await serve(() => ({ body }));
      await expect(judge(hive, base)).rejects.toMatchObject({ code: 'corrupt' });
      server?.close();
    }
    let base = await serve(() => ({ silent: true }));
    await expect(judge(hive, base, { timeoutMs: 150 })).rejects.toMatchObject({ code: 'timeout' });
    server?.closeAllConnections();
    server?.close();
    base = await serve(() => ({ status: 302, headers: { location: 'http://127.0.0.1:1/elsewhere' } }));
    await expect(judge(hive, base)).rejects.toMatchObject({ code: 'not-found' });
    server?.close();
    await expect(judge(hive, 'http://127.0.0.1:1')).rejects.toMatchObject({ code: 'not-found' });
    base = await serve(() => ({ status: 400, body: { message: 'bad file' } }));
    await expect(judge(hive, base)).rejects.toThrow('400');
  });

  it('is described by a file', async () => {
    const path = join(folder, 'hive.json');
    writeFileSync(path, JSON.stringify(hive));
    expect(await readDescription(path)).toEqual(JSON.parse(JSON.stringify(hive)));
    writeFileSync(path, '{"kind":"http"}');
    await expect(readDescription(path)).rejects.toThrow('describes no detector');
    expect(() => httpDetector({ ...hive, steps: [] }, 'd', { env: { HIVE_API_KEY: 'k' } })).toThrow('steps');
  });

  it('is read by paths', () => {
    const value = {
      a: [
        { n: 'x', v: 1 },
        { n: 'y', v: 2 },
      ],
      b: null,
    };
    expect(at(value, 'a.1.v')).toBe(2);
    expect(at(value, 'a[n=x].v')).toBe(1);
    for (const path of ['a[n=z].v', 'b.c', 'c', 'a.2.v', 'a.constructor.name'])
      expect(at(value, path)).toBeUndefined();
  });
});
