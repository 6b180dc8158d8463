/** Contract of `huoyan audit`: what goes in, what comes out, exit codes, and what happens to bad input. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataFolder } from '../src/bench/corpus.ts';
import { facesAvailable } from '../src/face/finder.node.ts';
import { canEncode } from '../src/media/av/encode.node.ts';
import { encodePng } from '../src/media/index.node.ts';
import { encodeClip } from '../src/media/video/encode.node.ts';
import { auditRecordSchema } from '../src/report/index.ts';
import { BUNDLE, build, huoyan, start } from './command.ts';

const clipsMade = await canEncode();
const facesThere = await facesAvailable();
let folder = '';
const at = (name: string) => join(folder, name);
const recognition = (...words: string[]) => huoyan(['audit', 'recognition', ...words]);

beforeAll(() => {
  build();
  folder = mkdtempSync(join(tmpdir(), 'huoyan-audit-'));
  writeFileSync(
    at('one.csv'),
    'Filename,Src,Tar,Src Pred.,Src Conf.,Tar Pred.,Tar Conf.,Similarity\na,Ann,X,Ann,0.9,Ann,0.95,0.8\nb,Ann,X,Ann,0.9,Bo,0.5,0.7\nc,Bo,X,,,,,0\n',
  );
  writeFileSync(
    at('two.ndjson'),
    '{"person":"Ann","named":"ann","confidence":97}\n{"person":"Ann","named":null}\n',
  );
  writeFileSync(at('half.csv'), 'Src,Tar Pred.\nAnn,Ann\n,Bo\n');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(BUNDLE, { recursive: true, force: true });
});

describe('huoyan audit recognition --recorded', () => {
  it('prints the record, a table and a page', async () => {
    const { code, stdout } = await recognition(
      ...['--recorded', at('one.csv'), at('two.ndjson'), '--service', 'Azure', '--json'],
      ...['--csv', at('o.csv'), '--html', at('o.html')],
    );
    expect(code).toBe(0);
    const record = auditRecordSchema.parse(JSON.parse(stdout));
    expect(record.sets.map(({ name, service, n, targeted }) => [name, service, n, targeted.count])).toEqual([
      ['one', 'Azure', 3, 1],
      ['two', 'Azure', 2, 1],
    ]);
    expect(record.sets[0].inverted.count).toBe(1);
    expect(record.total).toMatchObject({ n: 5, persons: 2, personsImpersonated: 1 });
    expect(readFileSync(at('o.csv'), 'utf8')).toContain('one,Azure,set,,0,targeted,3,1,');
    expect(readFileSync(at('o.html'), 'utf8')).toContain('</html>');
  });

  it('speaks both languages', async () => {
    expect((await recognition('--recorded', at('one.csv'))).stdout).toContain('33.3 (');
    expect((await recognition('--recorded', at('one.csv'), '--lang', 'zh')).stdout).toContain('冒充成功');
  });

  it('goes on past bad rows and files, tells where they are, and exits with 3', async () => {
    const { code, stdout, stderr } = await recognition(
      '--recorded',
      at('half.csv'),
      at('none.csv'),
      '--json',
    );
    expect(code).toBe(3);
    expect(stderr).toContain('half.csv:3:');
    expect(stderr).toContain('none.csv');
    const record = auditRecordSchema.parse(JSON.parse(stdout));
    expect(record.total.n).toBe(1);
    expect(record.problems.map(({ line, error }) => [line, error.code])).toEqual([
      [3, 'corrupt'],
      [undefined, 'not-found'],
    ]);
  });

  it('fails where nothing can be measured, and for wrong usage', async () => {
    expect((await recognition('--recorded', at('none.csv'))).code).toBe(1);
    expect((await recognition()).code).toBe(2);
    expect((await recognition('--recorded', at('one.csv'), '--names', 'any')).code).toBe(2);
    writeFileSync(at('bad.json'), '{');
    const bad = await recognition('--recorded', at('one.csv'), '--aliases', at('bad.json'));
    expect(bad.code).toBe(1);
    expect(bad.stderr).toContain('hint:');
  });

  it('takes aliases', async () => {
    writeFileSync(at('aliases.json'), '{"Ann": ["Bo"]}');
    const { stdout } = await recognition(
      '--recorded',
      at('one.csv'),
      '--aliases',
      at('aliases.json'),
      '--json',
    );
    expect(JSON.parse(stdout).total.targeted.count).toBe(2);
  });

  it('publishes its schema', async () => {
    const { stdout } = await huoyan(['schema', 'audit']);
    expect(JSON.parse(stdout).$id).toBe('urn:huoyan:schema:audit:1');
  });
});

describe('huoyan audit recognition --gallery', () => {
  let server: Server;
  const asked: string[] = [];
  /** After so many requests. */
  let onRequest: (count: number) => void = () => {};
  const live = (...words: string[]) => [
    ...['audit', 'recognition', '--gallery', at('gallery'), '--fakes', at('fakes')],
    ...['--recogniser', `http:${at('service.json')}`, '--journal', at('answers.ndjson'), ...words],
  ];

  beforeAll(async () => {
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', () => {
        asked.push(`${request.url} ${Buffer.concat(parts).toString('base64')}`);
        onRequest(asked.length);
        const body = JSON.stringify({ hits: [{ who: 'Ann', sure: 0.9 }] });
        setTimeout(() => response.end(body), 15);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const identify = {
      url: `${url}/who`,
      body: 'binary',
      candidates: 'hits',
      person: 'who',
      confidence: 'sure',
    };
    const enrol = { url: `${url}/know/{person}`, body: 'binary' };
    const service = {
      name: 'ours',
      knows: 'enrolled',
      perSecond: 500,
      dollarsPerThousand: 2,
      enrol,
      identify,
    };
    writeFileSync(at('service.json'), JSON.stringify(service));
    let shade = 0;
    const put = async (...path: string[]) => {
      mkdirSync(at(path.slice(0, -1).join('/')), { recursive: true });
      const data = new Uint8Array(3 * 64).fill(++shade);
      writeFileSync(at(path.join('/')), await encodePng({ width: 8, height: 8, data }));
    };
    for (const person of ['Ann', 'Bo']) for (let i = 0; i < 8; i++) await put('gallery', person, `${i}.png`);
    for (let i = 0; i < 12; i++) await put('fakes', i % 2 ? 'Ann' : 'Bo', `${i}.png`);
  });
  afterAll(() => server.close());

  it('says what it would ask and cost, and asks nothing', async () => {
    const { code, stdout } = await huoyan(live('--dry-run', '--json'));
    expect(code).toBe(0);
    const [one] = JSON.parse(stdout).estimates;
    expect(one).toMatchObject({ recogniser: 'http:ours', dollars: 0.056 });
    expect(one.calls).toEqual([
      { operation: 'enrol', all: 8, remembered: 0 },
      { operation: 'identify', all: 20, remembered: 0 },
    ]);
    expect(asked).toEqual([]);
  });

  it('survives kill -9 in the middle and goes on without repeating an answered call', async () => {
    const child = start(live('--json'));
    await new Promise<void>((resolve) => {
      onRequest = (count) => {
        if (count === 13) child.kill('SIGKILL');
      };
      child.once('close', () => resolve());
    });
    onRequest = () => {};
    const limited = await huoyan(live('--max-calls', '5'));
    expect(limited.code).toBe(130);
    expect(limited.stderr).toContain('limit of 5 calls');
    const { code, stdout, stderr } = await huoyan(live('--json'));
    expect(code).toBe(0);
    expect(stderr).toMatch(/calls made/);
    const record = auditRecordSchema.parse(JSON.parse(stdout));
    expect(record.sets[0]).toMatchObject({ n: 12, targeted: { count: 6 }, misidentified: { count: 6 } });
    // What was under way when the process died was never answered, and only that is asked again.
    expect(new Set(asked).size).toBe(28);
    expect(asked.length).toBeLessThanOrEqual(29);
    const before = asked.length;
    expect((await huoyan(live('--json'))).stdout).toBe(stdout);
    expect(asked.length).toBe(before);
  });

  it.skipIf(!clipsMade)('takes frames of clips, and counts frames and clips', async () => {
    mkdirSync(at('clips/Ann'), { recursive: true });
    const frames = Array.from({ length: 12 }, (_, i) => ({
      pixels: { width: 64, height: 48, data: new Uint8Array(3 * 64 * 48).fill(20 * i) },
      seconds: 0.1,
    }));
    writeFileSync(at('clips/Ann/talk.mp4'), await encodeClip(frames, { bitRate: 200_000 }));
    const words = [
      ...['audit', 'recognition', '--gallery', at('gallery'), '--fakes', at('clips'), '--frames', '3'],
      ...['--recogniser', `http:${at('service.json')}`, '--journal', at('clips.ndjson'), '--json'],
    ];
    const { code, stdout } = await huoyan(words);
    expect(code).toBe(0);
    const record = auditRecordSchema.parse(JSON.parse(stdout));
    expect(record.sets[0]).toMatchObject({
      ...{ n: 3, targeted: { count: 3 } },
      clips: { n: 1, anyFrame: { count: 1 }, mostFrames: { count: 1 } },
    });
    // Cut out anew, the frames are the same ones: nothing is asked again.
    const before = asked.length;
    expect((await huoyan(words)).stdout).toBe(stdout);
    expect(asked.length).toBe(before);
  });

  it('asks no service that is not configured, and none of an unknown name', async () => {
    for (const name of ['clova', 'nobody', `http:${at('none.json')}`]) {
      const { code, stderr } = await huoyan([
        'audit',
        'recognition',
        '--gallery',
        at('gallery'),
        '--recogniser',
        name,
      ]);
      expect(code).toBeGreaterThan(0);
      expect(stderr).toContain('hint:');
    }
  });
});

describe('huoyan audit impersonate', () => {
  const faces = join(dataFolder() ?? '', 'faces', 'gallery_lfw10');
  const able = dataFolder() !== null && existsSync(faces) && facesThere;

  it.skipIf(!able)(
    'makes labelled fakes that an audit reads (needs face networks, HUOYAN_DATA)',
    async () => {
      for (const person of readdirSync(faces).sort().slice(0, 2)) {
        mkdirSync(at(`own/${person}`), { recursive: true });
        for (const file of readdirSync(join(faces, person)).sort().slice(0, 2))
          copyFileSync(join(faces, person, file), at(`own/${person}/${file}`));
      }
      const make = (...more: string[]) =>
        huoyan([
          ...['audit', 'impersonate', '--gallery', at('own'), '--out', at('made'), '--count', '1'],
          ...['--method', 'swap', '--seed', '3', ...more],
        ]);
      const { code, stderr } = await make();
      expect([code, stderr]).toEqual([0, expect.stringContaining('labelled as synthetic')]);
      const [head, ...rows] = readFileSync(at('made/fakes.csv'), 'utf8').trim().split('\n');
      expect(head).toBe('file,person,base,method');
      expect(rows).toHaveLength(2);
      const files = rows.map((row) => at(`made/${row.split(',')[0]}`));
      const pictures = files.map((file) => readFileSync(file));
      for (const bytes of pictures) {
        expect(bytes.includes('huoyan-audit')).toBe(true);
        expect(bytes.includes('compositeSynthetic')).toBe(true);
      }
      // The same seed makes the same files; without the band the picture differs, the label stays.
      await make();
      expect(files.map((file) => readFileSync(file))).toEqual(pictures);
      expect((await make('--bare', '--lang', 'zh')).stderr).toContain('标明为合成');
      const bare = readFileSync(files[0]);
      expect(bare.equals(pictures[0])).toBe(false);
      expect(bare.includes('huoyan-audit')).toBe(true);
    },
  );

  it('fails where there is nobody, with what to do', async () => {
    mkdirSync(at('nobody'), { recursive: true });
    const { code, stderr } = await huoyan([
      ...['audit', 'impersonate', '--gallery', at('nobody'), '--out', at('made2')],
    ]);
    expect(code).toBeGreaterThan(0);
    expect(stderr).toContain('hint:');
    expect((await huoyan(['audit', 'impersonate'])).code).toBe(2);
  });
});
