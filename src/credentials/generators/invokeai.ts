/**
 * InvokeAI changed its record three times: `Dream` (a command line), `sd-metadata` (JSON with an `image` object) and
 * `invokeai_metadata` (flat JSON), all in PNG text; newer files add `invokeai_graph` and `invokeai_workflow`.
 */
import {
  type GeneratorReader,
  type GeneratorTrace,
  isObject,
  type JsonObject,
  jsonObject,
  place,
  promptText,
  scalars,
  shortText,
  trace,
} from './trace.ts';

const BASE = { generator: 'invokeai', title: 'InvokeAI', strength: 'parameters' } as const;

function modelName(value: unknown): string | undefined {
  return isObject(value) ? shortText(value.name ?? value.model_name ?? value.key) : shortText(value);
}

function fromFlat(object: JsonObject, carrier: string): GeneratorTrace {
  const whole = object.generation_mode === undefined || /txt2img/.test(String(object.generation_mode));
  return trace(
    { ...BASE, carrier },
    {
      scope: whole ? 'whole' : 'unknown',
      software: shortText(object.app_version),
      model: modelName(object.model),
      prompt: promptText(object.positive_prompt),
      negativePrompt: promptText(object.negative_prompt),
      seed: shortText(object.seed),
      parameters: scalars(object, ['positive_prompt', 'negative_prompt', 'seed', 'app_version']),
    },
  );
}

function fromNested(object: JsonObject, carrier: string): GeneratorTrace {
  const image = isObject(object.image) ? object.image : {};
  return trace(
    { ...BASE, carrier },
    {
      software: shortText(object.app_version),
      model: modelName(object.model_weights ?? object.model),
      prompt: promptText(image.prompt),
      seed: shortText(image.seed),
      parameters: scalars(image, ['prompt', 'seed']),
    },
  );
}

/** `"a prompt" -s 50 -S 123 -W 512 -H 512 -C 7.5 -A k_lms` */
function fromDream(line: string, carrier: string): GeneratorTrace {
  const prompt = /^\s*"((?:\\.|[^"\\]){0,8000})"/.exec(line)?.[1];
  const parameters: Record<string, string> = {};
  const names: Readonly<Record<string, string>> = {
    s: 'steps',
    W: 'width',
    H: 'height',
    C: 'cfg_scale',
    A: 'sampler',
    f: 'strength',
  };
  for (const [, flag, value] of line.slice(-4_000).matchAll(/ -([sSWHCAf]) ?(\S{1,60})/g)) {
    parameters[names[flag] ?? flag] = value;
  }
  const { S: seed, ...rest } = parameters;
  return trace({ ...BASE, carrier }, { prompt: promptText(prompt), seed, parameters: rest });
}

export const invokeai: GeneratorReader = {
  name: 'invokeai',
  read({ texts }) {
    const found: GeneratorTrace[] = [];
    for (const text of texts) {
      const key = text.key.toLowerCase();
      const object =
        key === 'dream' ? undefined : jsonObject(/invokeai|sd-metadata/.test(key) ? text.value : undefined);
      if (key === 'invokeai_metadata' && object) found.push(fromFlat(object, place(text)));
      else if (key === 'sd-metadata' && object) found.push(fromNested(object, place(text)));
      else if (key === 'dream' && / -[sSWHCA] ?\S/.test(text.value.slice(-4_000))) {
        found.push(fromDream(text.value, place(text)));
      } else if ((key === 'invokeai_graph' || key === 'invokeai_workflow') && object) {
        found.push(trace({ ...BASE, strength: 'name', carrier: place(text) }));
      }
    }
    return found;
  },
};
