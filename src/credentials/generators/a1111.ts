/**
 * The text record of AUTOMATIC1111's Stable Diffusion WebUI, which Forge, SD.Next, Fooocus and many web sites write too:
 * prompt, a line "Negative prompt: …", then "Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512, …".
 * PNG keeps it under `parameters`, JPEG and WebP in EXIF UserComment, GIF in a comment.
 */
import { type GeneratorReader, type GeneratorTrace, place, shortText, trace } from './trace.ts';

const MAX_TEXT = 200_000;
const MAX_SETTINGS = 16_000;
const PAIR = /(\w[\w \-/]{0,60}):\s*("(?:\\.|[^\\"])*"|[^,]*)(?:,|$)/g;

export interface A1111Record {
  readonly prompt?: string;
  readonly negativePrompt?: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** Takes the record apart; undefined when `text` is none. */
export function parseA1111(text: string): A1111Record | undefined {
  if (text.length > MAX_TEXT) return undefined;
  const start = /(?:^|\n)[ \t]{0,8}Steps: {0,4}\d{1,9} {0,4},/.exec(text)?.index;
  if (start === undefined) return undefined;
  const settings: Record<string, string> = {};
  let count = 0;
  for (const [, key, value] of text.slice(start, start + MAX_SETTINGS).matchAll(PAIR)) {
    const name = key.trim();
    if (count >= 64 || name === '__proto__') continue;
    settings[name] = value.replace(/^"|"$/g, '').trim().slice(0, 500);
    count++;
  }
  if (
    !/^(?:Sampler|Seed|CFG scale|Model|Model hash|Size|Schedule type)$/m.test(
      Object.keys(settings).join('\n'),
    )
  ) {
    return undefined;
  }
  const words = text.slice(0, start);
  const negative = words.search(/(?:^|\n)Negative prompt:/);
  const prompt = shortText(negative < 0 ? words : words.slice(0, negative), 4_000);
  const against = negative < 0 ? undefined : words.slice(negative).replace(/^\s*Negative prompt:/, '');
  const negativePrompt = shortText(against, 4_000);
  return { ...(prompt && { prompt }), ...(negativePrompt && { negativePrompt }), settings };
}

/** Which program wrote it, by the marks each leaves in its settings. */
function author(settings: Readonly<Record<string, string>>): readonly [id: string, title: string] {
  const version = settings.Version ?? '';
  if (/sd\.?next/i.test(settings.App ?? '')) return ['sdnext', 'SD.Next'];
  if (/^stable-diffusion\.cpp/i.test(version)) return ['stable-diffusion-cpp', 'stable-diffusion.cpp'];
  if (/^f\d+\.\d|forge|\bneo\b/i.test(version)) return ['forge', 'Stable Diffusion WebUI Forge'];
  if (/^comfyui/i.test(version)) return ['comfyui', 'ComfyUI'];
  if (/^fooocus/i.test(version)) return ['fooocus', 'Fooocus'];
  if ('Civitai resources' in settings) return ['civitai', 'Civitai'];
  return ['stable-diffusion-webui', 'Stable Diffusion WebUI'];
}

export const a1111: GeneratorReader = {
  name: 'stable-diffusion-webui',
  read({ texts }) {
    const found: GeneratorTrace[] = [];
    for (const text of texts) {
      if (!text.value.includes('Steps:')) continue;
      const record = parseA1111(text.value);
      if (!record) continue;
      const { Seed, Model, Version, ...rest } = record.settings;
      const [generator, title] = author(record.settings);
      found.push(
        trace(
          { generator, title, strength: 'parameters', carrier: place(text) },
          {
            software: Version,
            model: Model ?? rest['Model hash'],
            prompt: record.prompt,
            negativePrompt: record.negativePrompt,
            seed: Seed,
            parameters: rest,
          },
        ),
      );
    }
    return found;
  },
};
