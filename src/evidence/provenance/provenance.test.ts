import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Detected, Evidence, NotDetected } from '../../core/evidence.ts';
import { type AigcLabel, aigcXmpPacket } from '../../credentials/aigc/label.ts';
import { type ManifestDefinition, signC2pa } from '../../credentials/c2pa/engine.node.ts';
import { createIdentity, type SigningIdentity } from '../../credentials/c2pa/identity.node.ts';
import * as kit from '../../credentials/test-carriers.node.ts';
import { XMP_NAMESPACE } from '../../credentials/xmp.ts';
import { readImage } from '../../media/image.node.ts';
import type { ExamineContext } from '../detector.ts';
import { createProvenance } from './detector.ts';
import { createNodeProvenance, provenance } from './provenance.node.ts';
import { LIMIT, WEIGHTS } from './weights.ts';

const context = { models: undefined as never } satisfies ExamineContext;
const CV = 'http://cv.iptc.org/newscodes/digitalsourcetype/';
const LABEL: AigcLabel = { Label: '1', ContentProducer: '0011', ProduceID: 'x' };
const PARAMETERS = 'a cat\nSteps: 20, Sampler: Euler a, Seed: 1, Size: 32x32';

let png: Uint8Array;
let jpeg: Uint8Array;
let identity: SigningIdentity;

beforeAll(async () => {
  const image = sharp({
    create: {
      width: 64,
      height: 64,
      channels: 3,
      background: '#888',
      noise: { type: 'gaussian', mean: 128, sigma: 30 },
    },
  });
  png = new Uint8Array(await image.clone().png().toBuffer());
  jpeg = new Uint8Array(await image.clone().jpeg().toBuffer());
  identity = createIdentity({ organisation: 'Camera Works', commonName: 'unit' });
});

type Weighed = Detected | NotDetected;
function weighed(evidence: Evidence): Weighed {
  if (evidence.status !== 'detected' && evidence.status !== 'notDetected') throw new Error(evidence.status);
  return evidence;
}

async function examine(bytes: Uint8Array, detector = provenance): Promise<Weighed> {
  return weighed(await detector.examine(await readImage(bytes, 'test'), context));
}

const rules = (e: Weighed) => (e.details.weighed as { rule: string }[]).map((w) => w.rule);

function action(name: string, digitalSourceType?: string, generator = 'a device'): ManifestDefinition {
  const data = {
    actions: [{ action: name, ...(digitalSourceType && { digitalSourceType: CV + digitalSourceType }) }],
  };
  return {
    title: 't',
    claim_generator_info: [{ name: generator }],
    assertions: [{ label: 'c2pa.actions.v2', data }],
  };
}

const iptc = (code: string) =>
  kit.jpegXmp(
    `<a xmlns:r="${XMP_NAMESPACE.rdf}" xmlns:I="${XMP_NAMESPACE.iptcExt}"><r:Description I:DigitalSourceType="${CV}${code}"/></a>`,
  );

describe('unsigned statements', () => {
  it('nothing found weighs nothing and says that it proves nothing', async () => {
    const e = await examine(png);
    expect(e).toMatchObject({ detector: 'provenance', status: 'notDetected', llr: 0, regions: [] });
    expect(e.summary.en).toContain('proves nothing');
    expect(e.details).toMatchObject({
      c2pa: { status: 'absent' },
      aigc: { status: 'absent', sites: [], violations: [] },
      iptc: null,
      generator: [],
      camera: { status: 'none' },
      weighed: [],
    });
  });

  it.each([
    ['aigc-is', 'synthetic', () => kit.withPngChunks(png, kit.pngXmp(aigcXmpPacket(LABEL)))],
    [
      'aigc-is-flawed',
      'synthetic',
      () => kit.withPngChunks(png, kit.tEXt('AIGC', '{"Label":"1","ContentProducer":"a","ProduceID":""}')),
    ],
    [
      'aigc-may-be',
      'synthetic',
      () => kit.withPngChunks(png, kit.pngXmp(aigcXmpPacket({ ...LABEL, Label: '2' }))),
    ],
    [
      'aigc-suspected',
      'synthetic',
      () => kit.withPngChunks(png, kit.pngXmp(aigcXmpPacket({ ...LABEL, Label: '3' }))),
    ],
    ['aigc-unreadable', 'synthetic', () => kit.withPngChunks(png, kit.tEXt('AIGC', 'x'))],
    ['iptc-generated', 'synthetic', () => kit.withJpegSegments(jpeg, iptc('trainedAlgorithmicMedia'))],
    [
      'iptc-composite',
      'manipulated',
      () => kit.withJpegSegments(jpeg, iptc('compositeWithTrainedAlgorithmicMedia')),
    ],
    ['generator-parameters', 'synthetic', () => kit.withPngChunks(png, kit.tEXt('parameters', PARAMETERS))],
    ['generator-name', 'synthetic', () => kit.withPngChunks(png, kit.tEXt('Software', 'Adobe Firefly'))],
    [
      'generator-part',
      'manipulated',
      () => kit.withPngChunks(png, kit.tEXt('Software', 'Edited with Google AI')),
    ],
    ['generator-hint', 'synthetic', () => kit.withPngChunks(png, kit.tEXt('hf-job-id', '1'))],
  ] as const)('%s', async (rule, claim, make) => {
    const e = await examine(make());
    expect(rules(e)).toEqual([rule]);
    expect(e).toMatchObject({ status: 'detected', claim, llr: WEIGHTS[rule].llr });
    expect(e.summary.en).toMatch(/^[A-Z].*\.$/);
    expect(e.summary.zh).toMatch(/。$/);
  });

  it('statements that agree add a little, up to the limit', async () => {
    const bytes = kit.withPngChunks(
      png,
      kit.pngXmp(aigcXmpPacket(LABEL)),
      kit.tEXt('parameters', PARAMETERS),
    );
    expect((await examine(bytes)).llr).toBe(6.5);
    for (const { llr } of Object.values(WEIGHTS)) expect(Math.abs(llr)).toBeLessThanOrEqual(LIMIT);
  });

  it('a source type that says captured is believed by nobody', async () => {
    expect(await examine(kit.withJpegSegments(jpeg, iptc('digitalCapture')))).toMatchObject({
      status: 'notDetected',
      llr: 0,
    });
  });
});

describe('camera metadata', () => {
  const exif = kit.exifBlock(
    [kit.ascii(0x10f, 'Somemaker'), kit.ascii(0x110, 'One')],
    [
      kit.rational(0x829a, 1, 60),
      kit.rational(0x829d, 28, 10),
      kit.short(0x8827, 100),
      kit.ascii(0x9003, '2024:02:03 04:05:06'),
    ],
  );

  it('weigh little, and nothing against an admission', async () => {
    const e = await examine(kit.withJpegSegments(jpeg, kit.jpegExif(exif)));
    expect(e).toMatchObject({ status: 'notDetected', llr: -0.7, claim: 'synthetic' });
    const both = await examine(kit.withPngChunks(png, kit.pngExif(exif), kit.tEXt('parameters', PARAMETERS)));
    expect(both.llr).toBeCloseTo(4.3);
    expect(both.status).toBe('detected');
  });
});

describe('content credentials', () => {
  const sign = (manifest: ManifestDefinition) => signC2pa(jpeg, 'image/jpeg', manifest, identity);
  const trusting = () => createNodeProvenance({ trustAnchorsPem: identity.rootPem });

  it('a generation: unknown signer, trusted signer, broken', async () => {
    const bytes = await sign(action('c2pa.created', 'trainedAlgorithmicMedia', 'Adobe Firefly'));
    const unknown = await examine(bytes);
    expect([rules(unknown), unknown.llr]).toEqual([['c2pa-generated-valid'], 6]);
    expect(unknown.summary.en).toContain('not checked against any trust list');
    expect(unknown.summary.en).toContain('by Adobe Firefly');
    expect((await examine(bytes, trusting())).llr).toBe(7);
    const changed = bytes.slice();
    changed[changed.length - 40] ^= 4;
    expect(rules(await examine(changed, trusting()))).toEqual(['c2pa-generated-broken']);
  });

  it('a capture: only a trusted signer over these bytes counts', async () => {
    const bytes = await sign(action('c2pa.created', 'digitalCapture'));
    expect(await examine(bytes)).toMatchObject({ status: 'notDetected', llr: -0.5 });
    expect(await examine(bytes, trusting())).toMatchObject({ status: 'notDetected', llr: -5 });
    const changed = bytes.slice();
    changed[changed.length - 40] ^= 4;
    const e = await examine(changed, trusting());
    expect(e).toMatchObject({ status: 'detected', claim: 'manipulated', llr: 1.5 });
    expect(rules(e)).toEqual(['c2pa-content-changed']);
  });

  it('a changed assertion is a changed manifest; a lapsed certificate is not', async () => {
    const bytes = (await sign(action('c2pa.published'))).slice();
    bytes[Buffer.from(bytes).indexOf('c2pa.published')] ^= 1;
    expect(rules(await examine(bytes))).toEqual(['c2pa-broken']);
    const [notBefore, notAfter] = [new Date('2020-01-01'), new Date('2021-01-01')];
    const old = createIdentity({ organisation: 'Old', commonName: 'x', notBefore, notAfter });
    const lapsed = await signC2pa(jpeg, 'image/jpeg', action('c2pa.created', 'digitalCapture'), old);
    const e = await examine(lapsed, createNodeProvenance({ trustAnchorsPem: old.rootPem }));
    expect([rules(e), e.llr]).toEqual([['c2pa-capture-untrusted'], -0.5]);
    expect(e.summary.en).toContain('expired');
  });

  it('a generated part is a manipulation', async () => {
    const bytes = await sign({
      title: 't',
      claim_generator_info: [{ name: 'editor' }],
      assertions: [
        {
          label: 'c2pa.actions.v2',
          data: {
            actions: [
              { action: 'c2pa.created', digitalSourceType: `${CV}digitalCapture` },
              { action: 'c2pa.edited', digitalSourceType: `${CV}compositeWithTrainedAlgorithmicMedia` },
            ],
          },
        },
      ],
    });
    expect(await examine(bytes, trusting())).toMatchObject({
      status: 'detected',
      claim: 'manipulated',
      llr: 6,
    });
  });

  it('a trusted capture against a generator’s record is a contradiction and weighs as one', async () => {
    const withRecord = kit.withJpegSegments(jpeg, kit.jpegComment(PARAMETERS));
    const bytes = await signC2pa(
      withRecord,
      'image/jpeg',
      action('c2pa.created', 'digitalCapture'),
      identity,
    );
    expect((await examine(bytes, trusting())).llr).toBe(0);
  });

  it('without the engine they are reported as not examined', async () => {
    const bytes = await sign(action('c2pa.created', 'trainedAlgorithmicMedia'));
    const e = await examine(bytes, createProvenance());
    expect(e).toMatchObject({
      status: 'notDetected',
      llr: 0,
      details: { c2pa: { status: 'notExamined', carriers: ['jpeg:APP11'] } },
    });
    expect(e.summary.en).toContain('not examined');
  });
});

it('details are plain JSON', async () => {
  const e = await examine(
    kit.withPngChunks(png, kit.pngXmp(aigcXmpPacket(LABEL)), kit.tEXt('parameters', PARAMETERS)),
  );
  expect(JSON.parse(JSON.stringify(e.details))).toEqual(e.details);
});
