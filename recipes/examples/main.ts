/**
 * Makes the pictures in `examples/`: `npx tsx recipes/examples/main.ts [--out FOLDER] [--only NAME ...]`. All are rendered
 * by the formulas beside this file from fixed seeds; no photograph and no generator's output is involved. The files come
 * out the same every time, but for the two with a C2PA manifest: keys and manifest names are random, so those are new.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { RgbImage } from '../../src/core/image.ts';
import { Random } from '../../src/core/random.ts';
import { aigcXmpPacket } from '../../src/credentials/aigc/label.ts';
import { type ManifestDefinition, signC2pa } from '../../src/credentials/c2pa/engine.node.ts';
import { createIdentity } from '../../src/credentials/c2pa/identity.node.ts';
import { decodePixels, encodeJpeg, encodePng, encodeWebp } from '../../src/media/index.node.ts';
import { develop, photograph, type Sensor } from './camera.ts';
import { jpegWithManifestOf, jpegWithXmp, pngWithText, sourceTypeXmp, webpWithXmp } from './carriers.ts';
import { icon, windowDrawing } from './drawing.ts';
import { hills, stillLife } from './geometry.ts';
import { expose, type Light, type Scene } from './light.ts';
import { balloon, lakeAtDusk, seaAtSunset } from './scenes.ts';

const WIDTH = 720;
const HEIGHT = 480;
/** Samples along each side of a pixel. */
const GRID = 3;

const CAMERA: Sensor = { fullWell: 6000, readNoise: 12, vignette: 0.35 };
const OTHER_CAMERA: Sensor = { fullWell: 4000, readNoise: 10, vignette: 0 };
/** Lasts long, so that the examples show "signer unknown" and not "certificate lapsed". */
const VALID = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2056-01-01T00:00:00Z') };
const IPTC = 'http://cv.iptc.org/newscodes/digitalsourcetype';

const seen = (scene: Scene, width = WIDTH, height = HEIGHT) => expose(scene, width, height, GRID);

/** The JPEG signed by an identity nobody knows, made for this one signature. */
function sign(jpeg: Uint8Array, sourceType: string, commonName: string): Promise<Uint8Array> {
  const action = { action: 'c2pa.created', digitalSourceType: `${IPTC}/${sourceType}` };
  const manifest: ManifestDefinition = {
    title: 'An example of Huoyan',
    claim_generator_info: [{ name: 'Huoyan recipes/examples' }],
    assertions: [{ label: 'c2pa.actions.v2', data: { actions: [action] } }],
  };
  const identity = createIdentity({ organisation: 'Huoyan examples', commonName, ...VALID });
  return signC2pa(jpeg, 'image/jpeg', manifest, identity);
}

/** `donor` laid over `host` at (x, y) as far as `cover` says, 0..1 in each pixel. */
function paste(host: RgbImage, donor: RgbImage, cover: Light, x: number, y: number): RgbImage {
  const data = Uint8Array.from(host.data);
  for (let j = 0; j < donor.height; j++) {
    for (let i = 0; i < donor.width; i++) {
      const from = (j * donor.width + i) * 3;
      const to = ((y + j) * host.width + x + i) * 3;
      const a = cover.data[from];
      for (let c = 0; c < 3; c++) {
        data[to + c] = Math.round(a * donor.data[from + c] + (1 - a) * host.data[to + c]);
      }
    }
  }
  return { width: host.width, height: host.height, data };
}

let landscape: RgbImage | undefined;
function photographedHills(): RgbImage {
  landscape ??= photograph(seen(hills(11)), CAMERA, new Random(5));
  return landscape;
}

const seascape = () => develop(seen(seaAtSunset(5)), new Random(3));

/** Each example and what makes its bytes. */
const EXAMPLES: Readonly<Record<string, () => Promise<Uint8Array>>> = {
  'rendered-with-sd-parameters.png': async () => {
    const lake = develop(seen(lakeAtDusk(3), 576, 384), new Random(1));
    const parameters = [
      'a lake at dusk, mountains, moon (an example of Huoyan: rendered by formulas, not generated)',
      'Negative prompt: people',
      'Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 3, Size: 576x384, Model: example, Version: v1.10.1',
    ];
    return pngWithText(await encodePng(lake, { compression: 9 }), 'parameters', parameters.join('\n'));
  },

  'rendered-with-aigc-label.jpg': async () => {
    const still = develop(seen(stillLife(7)), new Random(2));
    return jpegWithXmp(
      await encodeJpeg(still, { quality: 90 }),
      aigcXmpPacket({ Label: '1', ContentProducer: 'HuoyanExamples', ProduceID: 'still-life-7' }),
    );
  },

  'rendered-and-signed-c2pa.jpg': async () =>
    sign(await encodeJpeg(seascape(), { quality: 88 }), 'trainedAlgorithmicMedia', 'throw-away generator'),

  'rendered-with-may-be-label.webp': async () => {
    const sea = photograph(seen(seaAtSunset(9)), CAMERA, new Random(4));
    return webpWithXmp(
      await encodeWebp(sea, { quality: 90 }),
      WIDTH,
      HEIGHT,
      aigcXmpPacket({
        Label: '2',
        ContentProducer: 'HuoyanExamples',
        ProduceID: 'sea-9',
        ContentPropagator: 'HuoyanExamples',
        PropagateID: 'sea-9',
      }),
    );
  },

  'rendered-with-composite-source-type.jpg': async () =>
    jpegWithXmp(
      await encodeJpeg(photographedHills(), { quality: 93 }),
      sourceTypeXmp('compositeWithTrainedAlgorithmicMedia'),
    ),

  // The hills are saved as a JPEG and signed; then a balloon that was never a JPEG is pasted in, the file is saved anew
  // more finely, and the manifest is carried over. So the rest of the picture has an earlier save that the balloon lacks.
  'signed-then-altered.jpg': async () => {
    const before = await encodeJpeg(photographedHills(), { quality: 75 });
    const signed = await sign(before, 'digitalCreation', 'throw-away camera');
    const { scene, cover } = balloon(2, { u: 0.45, v: 0.36 }, 0.28);
    const flight = photograph(seen(scene, 360, 400), OTHER_CAMERA, new Random(6));
    const altered = paste(await decodePixels(before), flight, seen(cover, 360, 400), 21, 5);
    return jpegWithManifestOf(await encodeJpeg(altered, { quality: 95 }), signed);
  },

  'drawing-of-a-window.png': () => encodePng(windowDrawing(), { compression: 9 }),
  'drawing-tiny-icon.png': () => encodePng(icon(), { compression: 9 }),
};

const { values } = parseArgs({
  options: { out: { type: 'string' }, only: { type: 'string', multiple: true } },
});
const out = values.out ?? join(dirname(fileURLToPath(import.meta.url)), '../../examples');
await mkdir(out, { recursive: true });
for (const [name, make] of Object.entries(EXAMPLES)) {
  if (values.only && !values.only.includes(name)) continue;
  const bytes = await make();
  await writeFile(join(out, name), bytes);
  console.error(`${name}  ${Math.ceil(bytes.length / 1000)} kB`);
}
