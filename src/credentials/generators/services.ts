/**
 * Web services and phones with habits of their own: Midjourney (job number in the description), Grok (a signature and a
 * UUID as author), Hugging Face jobs, Samsung's generative editor (a record after the end of the picture).
 */

import { firstXmp } from '../embedded.ts';
import { XMP_NAMESPACE } from '../xmp.ts';
import { type GeneratorReader, type GeneratorTrace, place, promptText, trace } from './trace.ts';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

export const midjourney: GeneratorReader = {
  name: 'midjourney',
  read(input) {
    const described = [
      ...input.texts
        .filter((t) => /description|caption|comment/i.test(t.key))
        .map((t) => ({ value: t.value, carrier: place(t) })),
      { value: firstXmp(input, XMP_NAMESPACE.dc, 'description') ?? '', carrier: 'XMP dc:description' },
    ];
    const found: GeneratorTrace[] = [];
    for (const { value, carrier } of described) {
      const text = value.slice(0, 20_000);
      const job = new RegExp(`Job ID: (${UUID.source})`, 'i').exec(text);
      if (!job) continue;
      const before = text.slice(0, job.index);
      const flags: Record<string, string> = { job: job[1] };
      for (const [, name, setting] of before.matchAll(/ --?([a-z]{1,12}) ([^\s-][^\s]{0,60})/gi))
        flags[name] = setting;
      const { seed, v, version, ...parameters } = flags;
      found.push(
        trace(
          { generator: 'midjourney', title: 'Midjourney', strength: 'parameters', carrier },
          { prompt: promptText(before), seed, model: v ?? version, parameters },
        ),
      );
    }
    return found;
  },
};

export const grok: GeneratorReader = {
  name: 'grok',
  read({ texts }) {
    const signed = texts.find(
      (t) => /description/i.test(t.key) && /^Signature:\s{0,4}[A-Za-z0-9+/=]{64}/.test(t.value),
    );
    const author = texts.find(
      (t) => /^(?:Artist|Author)$/i.test(t.key) && t.value.trim().length === 36 && UUID.test(t.value),
    );
    if (!signed || !author) return [];
    const parameters = { image: author.value.trim() };
    return [
      trace(
        { generator: 'grok', title: 'Grok (xAI)', strength: 'name', carrier: place(signed) },
        { parameters },
      ),
    ];
  },
};

export const huggingFaceJob: GeneratorReader = {
  name: 'hugging-face-job',
  read({ texts }) {
    const mark = texts.find((t) => t.key === 'hf-job-id');
    if (!mark) return [];
    // names the machine the file was made on, which mostly but not only runs generators
    return [
      trace(
        { generator: 'hugging-face-job', title: 'Hugging Face job', strength: 'hint', carrier: place(mark) },
        { scope: 'unknown', parameters: { job: mark.value.slice(0, 100) } },
      ),
    ];
  },
};

export const samsung: GeneratorReader = {
  name: 'samsung-galaxy-ai',
  read({ trailer }) {
    if (trailer.length < 64) return [];
    const text = new TextDecoder('latin1').decode(trailer);
    if (!text.includes('PhotoEditor_Re_Edit_Data')) return [];
    const kind = /genAIType\\?"\s{0,4}:\s{0,4}(-?\d{1,6})/.exec(text)?.[1];
    if (!kind || kind === '0') return [];
    // not documented by its maker; observed beside a C2PA statement of generative editing
    const base = {
      generator: 'samsung-galaxy-ai',
      title: 'Samsung Galaxy AI',
      carrier: 'trailer PhotoEditor_Re_Edit_Data',
    };
    return [trace({ ...base, strength: 'hint' }, { scope: 'part', parameters: { genAIType: kind } })];
  },
};
