/**
 * Generators whose record is one JSON object with names of its own: SwarmUI (`sui_image_params`), Fooocus
 * (`base_model`, `performance`), Draw Things (one-letter keys in XMP exif:UserComment), MFLUX and Easy Diffusion; and
 * the unnamed rest, known by a prompt, a seed and a sampling setting standing side by side.
 */
import { firstXmp } from '../embedded.ts';
import { XMP_NAMESPACE } from '../xmp.ts';
import {
  type GeneratorReader,
  type GeneratorTrace,
  isObject,
  jsonObject,
  place,
  promptText,
  scalars,
  shortText,
  trace,
} from './trace.ts';

export const swarmui: GeneratorReader = {
  name: 'swarmui',
  read({ texts }) {
    const found: GeneratorTrace[] = [];
    for (const text of texts) {
      if (!text.value.includes('sui_image_params')) continue;
      const params = jsonObject(text.value)?.sui_image_params;
      if (!isObject(params)) continue;
      found.push(
        trace(
          { generator: 'swarmui', title: 'SwarmUI', strength: 'parameters', carrier: place(text) },
          {
            scope: 'initimage' in params ? 'unknown' : 'whole',
            software: shortText(params.swarm_version),
            model: shortText(params.model),
            prompt: promptText(params.prompt),
            negativePrompt: promptText(params.negativeprompt),
            seed: shortText(params.seed),
            parameters: scalars(params, ['prompt', 'negativeprompt', 'seed', 'model', 'swarm_version']),
          },
        ),
      );
    }
    return found;
  },
};

export const fooocus: GeneratorReader = {
  name: 'fooocus',
  read({ texts }) {
    const marked = texts.some((t) => t.key.toLowerCase() === 'fooocus_scheme');
    const found: GeneratorTrace[] = [];
    for (const text of texts) {
      const record = /parameters|comment/i.test(text.key) || text.carrier === 'jpeg:COM';
      const object = record ? jsonObject(text.value) : undefined;
      if (!object) continue;
      const version = shortText(object.version ?? object.Version);
      const named = /^fooocus/i.test(version ?? '') || object.metadata_scheme === 'fooocus';
      if (!named && !(marked && ('base_model' in object || 'Base Model' in object))) continue;
      found.push(
        trace(
          { generator: 'fooocus', title: 'Fooocus', strength: 'parameters', carrier: place(text) },
          {
            software: version,
            model: shortText(object.base_model ?? object['Base Model']),
            prompt: promptText(object.full_prompt) ?? promptText(object.prompt ?? object.Prompt),
            negativePrompt: promptText(object.negative_prompt ?? object['Negative Prompt']),
            seed: shortText(object.seed ?? object.Seed),
            parameters: scalars(object, ['prompt', 'negative_prompt', 'seed', 'base_model', 'version']),
          },
        ),
      );
    }
    return found;
  },
};

export const drawThings: GeneratorReader = {
  name: 'draw-things',
  read(input) {
    const tool = firstXmp(input, XMP_NAMESPACE.xmp, 'CreatorTool') ?? '';
    const comment = firstXmp(input, XMP_NAMESPACE.exif, 'UserComment');
    const object = jsonObject(comment);
    if (!/^draw things/i.test(tool) || !object) return [];
    const carrier = `${input.xmp[0]?.carrier ?? 'XMP'} exif:UserComment`;
    return [
      trace(
        { generator: 'draw-things', title: 'Draw Things', strength: 'parameters', carrier },
        {
          software: shortText(tool),
          model: shortText(object.model),
          prompt: promptText(object.c),
          negativePrompt: promptText(object.uc),
          seed: shortText(object.seed),
          parameters: scalars(object, ['c', 'uc', 'seed', 'model']),
        },
      ),
    ];
  },
};

export const easyDiffusion: GeneratorReader = {
  name: 'easy-diffusion',
  read({ texts }) {
    const mark = texts.find((t) => /^(?:use_stable_diffusion_model|Stable Diffusion model)$/i.test(t.key));
    if (!mark) return [];
    const of = (name: RegExp) => texts.find((t) => t.carrier === mark.carrier && name.test(t.key))?.value;
    const rest = Object.fromEntries(
      texts.filter((t) => t.carrier === mark.carrier).map((t) => [t.key, t.value]),
    );
    return [
      trace(
        {
          generator: 'easy-diffusion',
          title: 'Easy Diffusion',
          strength: 'parameters',
          carrier: place(mark),
        },
        {
          model: shortText(mark.value),
          prompt: promptText(of(/^prompt$/i)),
          negativePrompt: promptText(of(/^negative[_ ]prompt$/i)),
          seed: shortText(of(/^seed$/i)),
          parameters: scalars(rest, [
            'prompt',
            'Prompt',
            'negative_prompt',
            'Negative Prompt',
            'seed',
            'Seed',
            mark.key,
          ]),
        },
      ),
    ];
  },
};

export const mflux: GeneratorReader = {
  name: 'mflux',
  read({ texts }) {
    const found: GeneratorTrace[] = [];
    for (const text of texts) {
      if (!text.value.includes('"mflux_version"')) continue;
      const object = jsonObject(text.value);
      if (!object) continue;
      found.push(
        trace(
          { generator: 'mflux', title: 'MFLUX', strength: 'parameters', carrier: place(text) },
          {
            scope: object.image_path || object.masked_image_path ? 'unknown' : 'whole',
            software: shortText(object.mflux_version),
            model: shortText(object.model),
            prompt: promptText(object.prompt),
            negativePrompt: promptText(object.negative_prompt),
            seed: shortText(object.seed),
            parameters: scalars(object, ['prompt', 'negative_prompt', 'seed', 'model', 'mflux_version']),
          },
        ),
      );
    }
    return found;
  },
};

const SAMPLING = [
  'steps',
  'num_inference_steps',
  'guidance',
  'guidance_scale',
  'cfg',
  'cfg_scale',
  'sampler',
  'scheduler',
];

export const unnamed: GeneratorReader = {
  name: 'unnamed',
  read({ texts }) {
    const found: GeneratorTrace[] = [];
    for (const text of texts) {
      if (!text.value.includes('"prompt"') || !text.value.includes('"seed"')) continue;
      const object = jsonObject(text.value);
      const prompt = promptText(object?.prompt);
      const seed = shortText(object?.seed);
      if (!object || !prompt || !seed || !SAMPLING.some((k) => shortText(object[k]) !== undefined)) continue;
      found.push(
        trace(
          {
            generator: 'unnamed',
            title: 'an unnamed generator',
            strength: 'parameters',
            carrier: place(text),
          },
          {
            model: shortText(object.model),
            prompt,
            negativePrompt: promptText(object.negative_prompt),
            seed,
            parameters: scalars(object, ['prompt', 'negative_prompt', 'seed', 'model']),
          },
        ),
      );
    }
    return found;
  },
};
