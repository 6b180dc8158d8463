/**
 * NovelAI: PNG text `Software: NovelAI`, `Title: NovelAI generated image`, `Description` (the prompt), `Source` (the model)
 * and `Comment` (JSON settings); the same object is hidden in the alpha channel's lowest bits, which `stealth.ts` reads
 * and hands over as texts, so that a copy stripped of its text chunks still tells.
 */
import { type GeneratorReader, jsonObject, place, promptText, scalars, shortText, trace } from './trace.ts';

export const novelai: GeneratorReader = {
  name: 'novelai',
  read({ texts }) {
    const signed = texts.filter(
      (t) => /^(?:Software|Title)$/i.test(t.key) && /^NovelAI\b/i.test(t.value.trim()),
    );
    const carriers = [...new Set(signed.map((t) => t.carrier))];
    return carriers.map((carrier) => {
      const of = (key: string) => texts.find((t) => t.carrier === carrier && t.key.toLowerCase() === key);
      const comment = of('comment') ?? texts.find((t) => t.carrier === 'exif:UserComment');
      const settings = jsonObject(comment?.value) ?? {};
      const base = { generator: 'novelai', title: 'NovelAI', strength: 'parameters' } as const;
      return trace(
        { ...base, carrier: place(comment ?? signed[0]) },
        {
          scope:
            'strength' in settings || /img2img|inpaint|infill/i.test(String(settings.request_type ?? ''))
              ? 'unknown'
              : 'whole',
          software: shortText(of('software')?.value),
          model: shortText(of('source')?.value),
          prompt: promptText(settings.prompt) ?? promptText(of('description')?.value),
          negativePrompt: promptText(settings.uc),
          seed: shortText(settings.seed),
          parameters: scalars(settings, ['prompt', 'uc', 'seed', 'signed_hash']),
        },
      );
    });
  },
};
