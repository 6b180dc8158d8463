/**
 * ComfyUI keeps its whole node graph: `prompt` (the graph as executed) and `workflow` (as drawn) in PNG text; in WebP and
 * JPEG inside EXIF strings that start with `prompt:` or `workflow:`. The prompt has to be found by walking the graph
 * back from the sampler. A graph without a sampler only processed a picture, and the trace says so.
 */
import type { CarriedText } from '../embedded.ts';
import {
  type GeneratorReader,
  type GeneratorTrace,
  isObject,
  type JsonObject,
  jsonObject,
  place,
  promptText,
  shortText,
  trace,
} from './trace.ts';

interface Node {
  readonly type: string;
  readonly inputs: JsonObject;
}

type Graph = ReadonlyMap<string, Node>;

const MAX_NODES = 5_000;

/** The executed graph, or undefined when the object is none. */
function executedGraph(object: JsonObject): Graph | undefined {
  const graph = new Map<string, Node>();
  for (const [id, value] of Object.entries(object).slice(0, MAX_NODES)) {
    if (isObject(value) && typeof value.class_type === 'string') {
      graph.set(id, { type: value.class_type, inputs: isObject(value.inputs) ? value.inputs : {} });
    }
  }
  return graph.size > 0 ? graph : undefined;
}

const isSampler = (type: string) => /sampler/i.test(type) && !/select|scheduler$/i.test(type);
/** Nodes that call a hosted generator or decode what a model made count as generating, too. */
const isGenerating = (type: string) =>
  isSampler(type) ||
  /(?:^|[a-z_])(?:ImageGenerat|TextToImage|txt2img)/i.test(type) ||
  /^(?:Flux|Ideogram|OpenAI|Gemini|Recraft|Stability)\w*(?:Image|Node)/.test(type);

const TEXT_INPUTS = [
  'text',
  'text_g',
  't5xxl',
  'clip_l',
  'text_l',
  'prompt',
  'string',
  'value',
  'wildcard_text',
  'populated_text',
];
const LINK_INPUTS = [
  ...TEXT_INPUTS,
  'positive',
  'conditioning',
  'conditioning_1',
  'conditioning_to',
  'cond',
  'guider',
  'string_a',
  'source',
];

/** Follows links from `link` to the nearest text; at most 24 steps. */
function textBehind(graph: Graph, link: unknown, steps = 24): string | undefined {
  let current: unknown = link;
  for (let step = 0; step < steps; step++) {
    if (typeof current === 'string') return promptText(current);
    if (!Array.isArray(current)) return undefined;
    const node = graph.get(String(current[0]));
    if (!node) return undefined;
    const written = TEXT_INPUTS.map((k) => node.inputs[k]).find((v) => typeof v === 'string' && v.trim());
    current = written ?? LINK_INPUTS.map((k) => node.inputs[k]).find((v) => Array.isArray(v));
  }
  return undefined;
}

function firstInput(graph: Graph, names: readonly string[]): string | undefined {
  for (const { inputs } of graph.values()) {
    for (const name of names) {
      const value = shortText(inputs[name]);
      if (value) return value;
    }
  }
  return undefined;
}

const MODEL_INPUTS = ['ckpt_name', 'unet_name', 'model_name', 'base_ckpt_name', 'checkpoint'];
const SETTING_INPUTS = [
  'steps',
  'cfg',
  'guidance',
  'sampler_name',
  'scheduler',
  'denoise',
  'width',
  'height',
  'lora_name',
];

function fromGraph(graph: Graph, carrier: string): GeneratorTrace {
  const types = [...graph.values()].map((n) => n.type);
  const sampler = [...graph.values()].find(
    (n) => isSampler(n.type) && ('positive' in n.inputs || 'guider' in n.inputs),
  );
  const generating = types.some(isGenerating);
  const parameters: Record<string, string> = { nodes: String(graph.size) };
  for (const name of SETTING_INPUTS) {
    const value = firstInput(graph, [name]);
    if (value) parameters[name] = value;
  }
  const encoder = [...graph.values()].find((n) => /TextEncode|Prompt/i.test(n.type));
  const prompt = sampler
    ? textBehind(graph, sampler.inputs.positive ?? sampler.inputs.guider)
    : promptText(encoder?.inputs.text ?? encoder?.inputs.prompt);
  return trace(
    { generator: 'comfyui', title: 'ComfyUI', strength: generating ? 'parameters' : 'name', carrier },
    {
      scope: generating && !types.some((t) => /^LoadImage/.test(t)) ? 'whole' : 'unknown',
      model: firstInput(graph, MODEL_INPUTS),
      prompt,
      negativePrompt: sampler && textBehind(graph, sampler.inputs.negative),
      seed: firstInput(graph, ['seed', 'noise_seed']),
      parameters,
    },
  );
}

/** A drawn workflow: only node types and their widgets without names. */
function fromWorkflow(object: JsonObject, carrier: string): GeneratorTrace | undefined {
  if (!Array.isArray(object.nodes)) return undefined;
  const types = object.nodes
    .slice(0, MAX_NODES)
    .map((n: unknown) => (isObject(n) && typeof n.type === 'string' ? n.type : ''))
    .filter((t) => t);
  if (types.length === 0 || !('links' in object || 'last_node_id' in object)) return undefined;
  const generating = types.some(isGenerating);
  const parameters = { nodes: String(types.length) };
  return trace(
    { generator: 'comfyui', title: 'ComfyUI', strength: generating ? 'parameters' : 'name', carrier },
    { scope: generating && !types.some((t) => /^LoadImage/.test(t)) ? 'whole' : 'unknown', parameters },
  );
}

/** JSON of a graph, after the `prompt:` or `workflow:` that EXIF carriers put before it. */
function graphJson({ value }: CarriedText): JsonObject | undefined {
  return jsonObject(value.replace(/^\s*(?:prompt|workflow)\s*:\s*/i, ''));
}

export const comfyui: GeneratorReader = {
  name: 'comfyui',
  read({ texts }) {
    const executed: GeneratorTrace[] = [];
    const drawn: GeneratorTrace[] = [];
    for (const text of texts) {
      if (!text.value.includes('class_type') && !text.value.includes('"nodes"')) continue;
      const object = graphJson(text);
      if (!object) continue;
      // some savers put both graphs under one key
      for (const candidate of [object, object.prompt, object.workflow]) {
        const inner = typeof candidate === 'string' ? jsonObject(candidate) : candidate;
        if (!isObject(inner)) continue;
        const graph = executedGraph(inner);
        if (graph) executed.push(fromGraph(graph, place(text)));
        else {
          const workflow = fromWorkflow(inner, place(text));
          if (workflow) drawn.push(workflow);
        }
      }
    }
    return executed.length > 0 ? executed : drawn;
  },
};
