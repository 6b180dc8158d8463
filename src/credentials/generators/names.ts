/**
 * Generators that only sign with their name: in the program field (Software, CreatorTool), as author, as credit line, as
 * IPTC 2025.1 "AI system used", or in the EXIF fields made for cameras. One table; a new generator is one row. Patterns
 * are narrow on purpose: ordinary editors (plain Photoshop, GIMP) and people named Leonardo must not match.
 */
import { XMP_NAMESPACE } from '../xmp.ts';
import {
  type GeneratorInput,
  type GeneratorReader,
  place,
  shortText,
  type TraceScope,
  trace,
} from './trace.ts';

type Row = readonly [id: string, title: string, pattern: RegExp, scope?: TraceScope];

const ROWS: readonly Row[] = [
  [
    'openai',
    'OpenAI (DALL·E, ChatGPT)',
    /\bdall[·\-. ]?e\b|\bopenai\b|\bchatgpt\b|\bgpt-?image\b|\bgpt-4o\b/i,
  ],
  ['adobe-firefly', 'Adobe Firefly', /\badobe firefly\b|^firefly\b/i],
  [
    'google-ai',
    'Google AI',
    /\bmade (?:with|by) google ai\b|\bgoogle imagen\b|\bimagen [2-9]\b|\bnano banana\b/i,
  ],
  ['google-ai', 'Google AI', /\bedited (?:with|by) google ai\b/i, 'part'],
  [
    'microsoft',
    'Microsoft Designer / Image Creator',
    /\bmicrosoft designer\b|\bbing image creator\b|\bimage creator from (?:microsoft|designer)/i,
  ],
  ['midjourney', 'Midjourney', /\bmidjourney\b/i],
  [
    'flux',
    'FLUX (Black Forest Labs)',
    /\bblack forest labs\b|;\s*flux\s*$|\bflux[.-](?:1|2|dev|schnell|pro|kontext)/i,
  ],
  ['stability', 'Stable Diffusion', /\bstable[ -]?diffusion\b|\bdreamstudio\b|\bstability ai\b/i],
  ['comfyui', 'ComfyUI', /\bcomfyui\b/i],
  ['stable-diffusion-webui', 'Stable Diffusion WebUI', /\bautomatic1111\b/i],
  ['invokeai', 'InvokeAI', /\binvoke ?ai\b/i],
  ['draw-things', 'Draw Things', /^draw things\b/i],
  ['diffusionbee', 'DiffusionBee', /\bdiffusion ?bee\b/i],
  ['mochi-diffusion', 'Mochi Diffusion', /\bmochi diffusion\b/i],
  ['fooocus', 'Fooocus', /\bfooocus\b/i],
  ['mflux', 'MFLUX', /\bmflux\b/i],
  ['ideogram', 'Ideogram', /\bideogram\b/i],
  ['leonardo', 'Leonardo.Ai', /\bleonardo\.?ai\b/i],
  ['recraft', 'Recraft', /\brecraft(?:\.ai| ai)?\b/i],
  ['krea', 'Krea', /\bkrea(?:\.ai| ai)\b/i],
  ['nightcafe', 'NightCafe', /\bnightcafe\b/i],
  ['luma', 'Luma AI', /\bluma ai\b|\blumalabs\b/i],
  ['runway', 'Runway', /\brunway ?ml\b|\brunway (?:gen|frames)\b/i],
  ['grok', 'Grok (xAI)', /\bgrok imagine\b|\bxai aurora\b/i],
  ['meta-ai', 'Meta AI', /\bimagined? with (?:meta )?ai\b|\bmade with meta ai\b/i],
  ['apple', 'Apple Image Playground', /\bimage playground\b/i],
  ['apple', 'Apple Photos Clean Up', /\bapple photos clean up\b/i, 'part'],
  ['doubao', '豆包 / 即梦 (ByteDance)', /豆包|即梦|\bdoubao\b|\bdreamina\b|\bseedream\b|\bjimeng\b/i],
  ['kling', '可灵 (Kuaishou)', /可灵|\bkling ?ai\b|\bkolors\b/i],
  ['ernie', '文心一格 (Baidu)', /文心一[格言]|\bernie-?vilg\b/i],
  ['tongyi', '通义 (Alibaba)', /通义(?:万相|千问)?|\bqwen-image\b|\btongyi wan/i],
  ['hunyuan', '混元 (Tencent)', /混元|\bhunyuan\b/i],
];

const SIGNING_TEXT =
  /^(?:Software|ProcessingSoftware|HostComputer|Make|Model|Artist|Author|Source|Generator|Credit|XPAuthor|Creator|CreatorTool|generated_by)$/i;

const SIGNING_XMP: readonly (readonly [namespace: string, name: string])[] = [
  [XMP_NAMESPACE.xmp, 'CreatorTool'],
  [XMP_NAMESPACE.photoshop, 'Credit'],
  [XMP_NAMESPACE.photoshop, 'Source'],
  [XMP_NAMESPACE.dc, 'creator'],
  [XMP_NAMESPACE.tiff, 'Software'],
  [XMP_NAMESPACE.tiff, 'Make'],
  [XMP_NAMESPACE.iptcExt, 'AISystemUsed'],
];

/** The fields that may name a program, with their place; values longer than a name are left out. */
function signatures(input: GeneratorInput): { value: string; carrier: string }[] {
  const texts = input.texts
    .filter((t) => SIGNING_TEXT.test(t.key))
    .map((t) => ({ value: t.value.trim(), carrier: place(t) }));
  const xmp = input.xmp.flatMap(({ carrier, packet }) =>
    packet.properties
      .filter((p) => SIGNING_XMP.some(([namespace, name]) => p.namespace === namespace && p.name === name))
      .map((p) => ({ value: p.value.trim(), carrier: `${carrier} ${p.name}` })),
  );
  return [...texts, ...xmp].filter((s) => s.value.length > 0 && s.value.length <= 200);
}

export const names: GeneratorReader = {
  name: 'names',
  read(input) {
    const found = signatures(input).flatMap(({ value, carrier }) => {
      const row = ROWS.find(([, , pattern]) => pattern.test(value));
      if (!row) return [];
      const [generator, title, , scope] = row;
      const software = shortText(value);
      return [trace({ generator, title, strength: 'name', carrier }, { scope: scope ?? 'whole', software })];
    });
    // BFL's own scripts put prompt and model into the fields beside their name
    const flux = found.find((f) => f.generator === 'flux');
    if (!flux) return found;
    const of = (key: string) => input.texts.find((t) => t.carrier === `exif:${key}`)?.value;
    const prompt = shortText(of('ImageDescription'), 4_000);
    const model = shortText(of('Model'));
    return found.map((f) =>
      f === flux ? trace(f, { scope: f.scope, software: f.software, model, prompt, parameters: {} }) : f,
    );
  },
};

/** The name a credit line, signer or claim generator goes by, for readers of other credentials; undefined when unknown. */
export function generatorNamed(
  value: string,
): { readonly generator: string; readonly title: string } | undefined {
  const row = ROWS.find(([, , pattern]) => pattern.test(value.slice(0, 300)));
  return row && { generator: row[0], title: row[1] };
}
