import fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { readImage } from '../../media/image.node.ts';
import { embeddedTexts } from '../embedded.ts';
import * as kit from '../test-carriers.node.ts';
import { XMP_NAMESPACE } from '../xmp.ts';
import { parseA1111 } from './a1111.ts';
import { readGenerators } from './read.ts';
import { readStealth } from './stealth.ts';
import type { GeneratorTrace } from './trace.ts';

let png: Uint8Array;
let jpeg: Uint8Array;

beforeAll(async () => {
  const source = sharp({ create: { width: 24, height: 16, channels: 3, background: '#336699' } });
  png = new Uint8Array(await source.clone().png().toBuffer());
  jpeg = new Uint8Array(await source.clone().jpeg().toBuffer());
});

async function read(bytes: Uint8Array): Promise<GeneratorTrace[]> {
  const { container } = await readImage(bytes, 'test');
  return readGenerators(embeddedTexts(container, await readStealth(bytes, container)), bytes, container);
}

const readPng = (...chunks: readonly Uint8Array[]) => read(kit.withPngChunks(png, ...chunks));
const readExif = (
  main: Parameters<typeof kit.exifBlock>[0],
  exif: Parameters<typeof kit.exifBlock>[1] = [],
) => read(kit.withJpegSegments(jpeg, kit.jpegExif(kit.exifBlock(main, exif))));
const xmpPacket = (attributes: string, inside = '') =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="${XMP_NAMESPACE.rdf}"><rdf:Description xmlns:xmp="${XMP_NAMESPACE.xmp}" ` +
  `xmlns:exif="${XMP_NAMESPACE.exif}" xmlns:photoshop="${XMP_NAMESPACE.photoshop}" ${attributes}>${inside}</rdf:Description></rdf:RDF></x:xmpmeta>`;

const A1111 =
  'a cat, (best quality:1.2)\nsecond line\nNegative prompt: dog, blurry\nSteps: 20, Sampler: DPM++ 2M Karras, CFG scale: 7, ' +
  'Seed: 123, Size: 512x512, Model hash: abc, Model: dream_v8, Lora hashes: "a: b, c: d", Version: v1.9.4';

const GRAPH = {
  3: {
    class_type: 'KSampler',
    inputs: {
      seed: 42,
      steps: 20,
      cfg: 8,
      sampler_name: 'euler',
      positive: ['6', 0],
      negative: ['7', 0],
      model: ['4', 0],
    },
  },
  4: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'v1-5.safetensors' } },
  6: { class_type: 'ConditioningCombine', inputs: { conditioning_1: ['8', 0] } },
  7: { class_type: 'CLIPTextEncode', inputs: { text: 'ugly' } },
  8: { class_type: 'CLIPTextEncode', inputs: { text: ['9', 0] } },
  9: { class_type: 'StringConstant', inputs: { string: 'a castle in the sky' } },
};

describe('records of a generation', () => {
  it('Stable Diffusion WebUI, in PNG text, EXIF and JPEG comment', async () => {
    const expected = {
      generator: 'stable-diffusion-webui',
      strength: 'parameters',
      scope: 'whole',
      software: 'v1.9.4',
      model: 'dream_v8',
      prompt: 'a cat, (best quality:1.2)\nsecond line',
      negativePrompt: 'dog, blurry',
      seed: '123',
      parameters: { Steps: '20', Sampler: 'DPM++ 2M Karras', 'Lora hashes': 'a: b, c: d' },
    };
    expect(await readPng(kit.tEXt('parameters', A1111))).toMatchObject([
      { ...expected, carrier: 'png:tEXt parameters' },
    ]);
    expect(await readExif([], [kit.userComment(A1111)])).toMatchObject([
      { ...expected, carrier: 'exif:UserComment' },
    ]);
    expect(await read(kit.withJpegSegments(jpeg, kit.jpegComment(A1111)))).toMatchObject([expected]);
  });

  it.each([
    ['Version: f2.0.1v1.10.1', 'forge'],
    ['App: SD.Next, Version: ecf3df2', 'sdnext'],
    ['Version: ComfyUI', 'comfyui'],
    ['Version: Fooocus v2.5.5', 'fooocus'],
    ['Version: stable-diffusion.cpp', 'stable-diffusion-cpp'],
    ['Civitai resources: []', 'civitai'],
  ])('tells programs that write the same record apart: %s', async (mark, generator) => {
    const text = A1111.replace('Version: v1.9.4', mark);
    expect((await readPng(kit.tEXt('parameters', text))).map((t) => t.generator)).toEqual([generator]);
  });

  it('ComfyUI: the prompt is found behind the links, NaN included', async () => {
    const text = JSON.stringify({
      ...GRAPH,
      10: { class_type: 'LoadAudio', inputs: {}, is_changed: 'NAN' },
    }).replace('"NAN"', 'NaN');
    const expected = {
      generator: 'comfyui',
      strength: 'parameters',
      scope: 'whole',
      model: 'v1-5.safetensors',
      prompt: 'a castle in the sky',
      negativePrompt: 'ugly',
      seed: '42',
    };
    const workflow = JSON.stringify({ last_node_id: 9, nodes: [{ type: 'KSampler' }], links: [] });
    expect(await readPng(kit.tEXt('prompt', text), kit.tEXt('workflow', workflow))).toMatchObject([expected]);
    expect(await readPng(kit.tEXt('workflow', workflow))).toMatchObject([
      { generator: 'comfyui', strength: 'parameters' },
    ]);
    expect(
      await readExif([kit.ascii(0x10f, `workflow:${workflow}`), kit.ascii(0x110, `prompt:${text}`)]),
    ).toMatchObject([expected]);
  });

  it('ComfyUI that only processed a picture is said to have done that', async () => {
    const graph = {
      1: { class_type: 'LoadImage', inputs: { image: 'a.png' } },
      2: { class_type: 'ImageUpscaleWithModel', inputs: {} },
    };
    expect(await readPng(kit.tEXt('prompt', JSON.stringify(graph)))).toMatchObject([
      { strength: 'name', scope: 'unknown' },
    ]);
    const edit = { ...GRAPH, 1: { class_type: 'LoadImage', inputs: {} } };
    expect(await readPng(kit.tEXt('prompt', JSON.stringify(edit)))).toMatchObject([
      { strength: 'parameters', scope: 'unknown' },
    ]);
  });

  it('InvokeAI in its three forms', async () => {
    const flat = {
      positive_prompt: 'a hill',
      negative_prompt: 'sea',
      seed: 7,
      model: { model_name: 'sdxl' },
      generation_mode: 'sdxl_txt2img',
      app_version: '4.2',
    };
    expect(await readPng(kit.iTXt('invokeai_metadata', JSON.stringify(flat)))).toMatchObject([
      {
        generator: 'invokeai',
        scope: 'whole',
        prompt: 'a hill',
        negativePrompt: 'sea',
        seed: '7',
        model: 'sdxl',
        software: '4.2',
      },
    ]);
    const nested = {
      model_weights: 'sd-1.4',
      app_version: '2.2',
      image: { prompt: [{ prompt: 'a hill', weight: 1 }], seed: 7, steps: 30 },
    };
    expect(await readPng(kit.tEXt('sd-metadata', JSON.stringify(nested)))).toMatchObject([
      { prompt: 'a hill', seed: '7', parameters: { steps: '30' } },
    ]);
    expect(
      await readPng(kit.tEXt('Dream', '"a hill" -s 50 -S 1234 -W 512 -H 512 -C 7.5 -A k_lms')),
    ).toMatchObject([
      { prompt: 'a hill', seed: '1234', parameters: { steps: '50', sampler: 'k_lms', width: '512' } },
    ]);
  });

  it('NovelAI', async () => {
    const comment = JSON.stringify({
      prompt: '1girl',
      uc: 'lowres',
      seed: 5,
      steps: 28,
      sampler: 'k_euler',
      signed_hash: 'x',
    });
    const found = await readPng(
      kit.tEXt('Title', 'NovelAI generated image'),
      kit.tEXt('Description', '1girl'),
      kit.tEXt('Software', 'NovelAI'),
      kit.tEXt('Source', 'Stable Diffusion XL 9CC2F394'),
      kit.tEXt('Comment', comment),
    );
    expect(found[0]).toMatchObject({
      generator: 'novelai',
      strength: 'parameters',
      model: 'Stable Diffusion XL 9CC2F394',
      prompt: '1girl',
      negativePrompt: 'lowres',
      seed: '5',
    });
    expect(found[0].parameters).not.toHaveProperty('signed_hash');
  });

  it('SwarmUI, Fooocus, Draw Things, Easy Diffusion, MFLUX, and the unnamed rest', async () => {
    const swarm = {
      sui_image_params: {
        prompt: 'a',
        negativeprompt: 'b',
        model: 'm',
        seed: 1,
        steps: 4,
        swarm_version: '0.9',
      },
    };
    expect(await readPng(kit.tEXt('parameters', JSON.stringify(swarm)))).toMatchObject([
      { generator: 'swarmui', prompt: 'a', seed: '1', software: '0.9' },
    ]);
    const fooocus = {
      prompt: 'a',
      base_model: 'jugger',
      performance: 'Speed',
      seed: '9',
      version: 'Fooocus v2.5.5',
    };
    expect(
      await readPng(kit.tEXt('parameters', JSON.stringify(fooocus)), kit.tEXt('fooocus_scheme', 'fooocus')),
    ).toMatchObject([{ generator: 'fooocus', model: 'jugger', seed: '9' }]);
    const draw = JSON.stringify({ c: 'a tree', uc: '', seed: 3, model: 'flux_1', steps: 8 }).replaceAll(
      '"',
      '&quot;',
    );
    const packet = xmpPacket(
      'xmp:CreatorTool="Draw Things"',
      `<exif:UserComment><rdf:Alt><rdf:li xml:lang="x-default">${draw}</rdf:li></rdf:Alt></exif:UserComment>`,
    );
    expect((await readPng(kit.pngXmp(packet)))[0]).toMatchObject({
      generator: 'draw-things',
      prompt: 'a tree',
      seed: '3',
      model: 'flux_1',
    });
    const easy = [
      kit.tEXt('prompt', 'a boat'),
      kit.tEXt('seed', '11'),
      kit.tEXt('use_stable_diffusion_model', 'sd-v1-5'),
    ];
    expect(await readPng(...easy)).toMatchObject([
      { generator: 'easy-diffusion', prompt: 'a boat', seed: '11', model: 'sd-v1-5' },
    ]);
    const mflux = { mflux_version: '0.15.5', model: 'briaai/FIBO', seed: 42, steps: 20, prompt: 'a red car' };
    expect(await readExif([], [kit.userComment(JSON.stringify(mflux))])).toMatchObject([
      { generator: 'mflux', model: 'briaai/FIBO', seed: '42' },
    ]);
    const other = { prompt: 'a lake', seed: 2, num_inference_steps: 30 };
    expect(await readPng(kit.tEXt('generation_data', JSON.stringify(other)))).toMatchObject([
      { generator: 'unnamed', prompt: 'a lake', seed: '2' },
    ]);
    expect(await readPng(kit.tEXt('data', JSON.stringify({ prompt: 'enter your name', seed: 2 })))).toEqual(
      [],
    );
  });

  it('Midjourney: the job number', async () => {
    const text = 'a knight --ar 16:9 --v 6.1 --seed 77 Job ID: 01234567-89ab-cdef-0123-456789abcdef';
    expect(await readPng(kit.tEXt('Description', text))).toMatchObject([
      {
        generator: 'midjourney',
        strength: 'parameters',
        model: '6.1',
        seed: '77',
        parameters: { ar: '16:9' },
      },
    ]);
  });

  it('Grok: the pair of signature and UUID, and neither alone', async () => {
    const signature = kit.ascii(0x10e, `Signature: ${'aB3+'.repeat(30)}`);
    const artist = kit.ascii(0x13b, '01234567-89ab-cdef-0123-456789abcdef');
    expect(await readExif([signature, artist])).toMatchObject([{ generator: 'grok', strength: 'name' }]);
    expect(await readExif([signature])).toEqual([]);
    expect(await readExif([artist])).toEqual([]);
  });

  it('Samsung: the record behind the picture', async () => {
    const trailer = new TextEncoder().encode(
      `${'\0'.repeat(50)}PhotoEditor_Re_Edit_Data{"genAIType":2,"x":1}SEFT`,
    );
    const bytes = new Uint8Array(Buffer.concat([jpeg, trailer]));
    expect(await read(bytes)).toMatchObject([
      { generator: 'samsung-galaxy-ai', scope: 'part', strength: 'hint' },
    ]);
    expect(await read(new Uint8Array(Buffer.concat([jpeg, Buffer.from(trailer).fill(0)])))).toEqual([]);
  });
});

describe('names', () => {
  it.each([
    ['Black Forest Labs', 'flux', 'whole'],
    ['Adobe Firefly', 'adobe-firefly', 'whole'],
    ['DALL·E 3', 'openai', 'whole'],
    ['Microsoft Designer', 'microsoft', 'whole'],
    ['Made with Google AI', 'google-ai', 'whole'],
    ['Edited with Google AI', 'google-ai', 'part'],
    ['Midjourney', 'midjourney', 'whole'],
    ['Apple Photos Clean Up', 'apple', 'part'],
  ])('%s', async (value, generator, scope) => {
    expect(await readPng(kit.iTXt('Software', value))).toMatchObject([
      { generator, scope, strength: 'name' },
    ]);
    const packet = xmpPacket(`photoshop:Credit="${value}"`);
    expect(await read(kit.withJpegSegments(jpeg, kit.jpegXmp(packet)))).toMatchObject([{ generator, scope }]);
  });

  it('people, cameras and editors are not generators', async () => {
    for (const value of [
      'Adobe Photoshop 25.0 (Windows)',
      'Adobe Photoshop Lightroom Classic 13.2',
      'GIMP 2.10.36',
      'Leonardo da Vinci',
      'Canon EOS R5',
      'f.lux',
      'Imagenomic',
      'Picasa',
      'Luminar Neo',
      'Google',
      'HDR+ 1.0.540104767zd',
      '17.5.1',
      'Meta Quest 3',
      'Aurora HDR',
      'Capture One',
      'Microsoft Windows Photo Viewer',
      'Windows Photo Editor',
      'Apple',
      'iPhone 15 Pro',
      'Matplotlib version3.7.1',
      'Krea Jones',
    ]) {
      expect(await readPng(kit.tEXt('Software', value), kit.tEXt('Author', value))).toEqual([]);
      expect(
        await readExif([kit.ascii(0x10f, value), kit.ascii(0x131, value), kit.ascii(0x13b, value)]),
      ).toEqual([]);
    }
  });

  it('a prompt that speaks of generators is no signature', async () => {
    expect(
      await readPng(
        kit.tEXt('Comment', 'my review of Midjourney and DALL-E'),
        kit.tEXt('Description', 'Steps: 3, go left'),
      ),
    ).toEqual([]);
  });
});

describe('bounds', () => {
  const facts = (
    text: readonly { carrier: string; key: string; value: string }[],
    xmp: readonly string[] = [],
  ) => ({ format: 'png', xmp, text, segments: [], trailingBytes: 0 }) as never;
  const readTexts = (key: string, value: string) => {
    const container = facts([{ carrier: 'png:tEXt', key, value }]);
    return readGenerators(embeddedTexts(container), new Uint8Array(0), container);
  };
  const KEYS = [
    'parameters',
    'prompt',
    'workflow',
    'Comment',
    'Description',
    'Software',
    'Dream',
    'sd-metadata',
    'invokeai_metadata',
    'UserComment',
    'hf-job-id',
  ];

  it('no text crashes a reader', () => {
    const pieces = fc.constantFrom(
      'Steps: 20,',
      'Negative prompt:',
      '{',
      '}',
      '"',
      ':',
      ',',
      '\n',
      'Seed: 1',
      'class_type',
      '"nodes"',
      'sui_image_params',
      'Job ID: ',
      ' --v ',
      'NaN',
      '[',
      ']',
      'a',
      '\\',
      '\0',
      '中',
    );
    fc.assert(
      fc.property(fc.constantFrom(...KEYS), fc.array(pieces, { maxLength: 60 }), (key, parts) => {
        readTexts(key, parts.join(''));
      }),
      { numRuns: 500 },
    );
  });

  it('no JSON crashes a reader', () => {
    const names = fc.constantFrom(
      'class_type',
      'inputs',
      'positive',
      'text',
      'nodes',
      'links',
      'sui_image_params',
      'prompt',
      'seed',
      'steps',
      'image',
      'model',
      '3',
      'version',
      'mflux_version',
    );
    const graph = fc.dictionary(
      names,
      fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.dictionary(names, fc.jsonValue({ maxDepth: 1 }))),
    );
    fc.assert(
      fc.property(fc.constantFrom(...KEYS), graph, (key, value) => {
        readTexts(key, JSON.stringify(value));
      }),
    );
    const loop = {
      1: { class_type: 'KSampler', inputs: { positive: ['2', 0] } },
      2: { class_type: 'X', inputs: { text: ['2', 0] } },
    };
    expect(readTexts('prompt', JSON.stringify(loop))).toHaveLength(1);
  });

  it('hostile lengths take bounded time', () => {
    const start = process.cpuUsage(); // not the clock: other work may share the machine
    for (const hostile of [
      '\n',
      ' ',
      'a',
      'a:"',
      'Steps: 1,',
      'Steps: 1, Seed: 1, a: ',
      '[',
      '{"a":',
      '"\\',
      ' -s 1',
      ' --a b',
      '\nNegative prompt:',
    ]) {
      const value = hostile.repeat(Math.ceil(190_000 / hostile.length));
      for (const key of KEYS) {
        readTexts(key, value);
        readTexts(key, `{"class_type":"nodes" ${value}`);
        readTexts(key, `Steps: 20, Seed: 1${value}`);
      }
    }
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(15_000);
  });

  it('what was written is found again', () => {
    const words = fc
      .string({ unit: 'grapheme-ascii', maxLength: 80 })
      .map((s) => s.replace(/Steps|Negative|\n/g, '').trim());
    fc.assert(
      fc.property(words, words, fc.nat(), (prompt, negative, seed) => {
        const record = parseA1111(
          `${prompt}\nNegative prompt: ${negative}\nSteps: 20, Sampler: Euler a, Seed: ${seed}, Size: 64x64`,
        );
        expect(record?.settings.Seed).toBe(String(seed));
        expect(record?.prompt ?? '').toBe(prompt);
        expect(record?.negativePrompt ?? '').toBe(negative);
      }),
    );
  });
});
