/**
 * ASVspoof 2019 and 2021 (Wang et al., arXiv 1911.01601; Liu et al., arXiv 2210.02437): protocol lines
 * `SPEAKER UTTERANCE - ATTACK KEY` (2019) or `SPEAKER UTTERANCE CODEC CHANNEL ATTACK KEY TRIM SUBSET` (2021), speech in
 * `.../flac/UTTERANCE.flac`.
 */
import type { Folder } from './folder.ts';
import type { BenchItem, Split } from './item.ts';
import type { Layout } from './layout.ts';

const SUBSETS: Readonly<Record<string, Split>> = { train: 'train', dev: 'val', eval: 'test' };
const DEEPEST = 3;

interface Line {
  readonly speaker: string;
  readonly utterance: string;
  readonly attack: string;
  readonly label: 'real' | 'fake';
  readonly variant?: string;
  readonly subset?: string;
}

export const asvspoof: Layout = {
  name: 'asvspoof',
  recognises: (folder) => protocols(folder).length > 0,
  read(folder) {
    const speech = new Map<string, string>();
    for (const { key, media } of folder.media()) {
      if (media === 'audio') speech.set((key.split('/').at(-1) ?? '').replace(/\.\w+$/, ''), key);
    }
    const items = new Map<string, BenchItem>();
    let missing = 0;
    for (const list of protocols(folder)) {
      const named = /\.(train|dev|eval)\.|_(train|dev|eval)\b|(train|dev|eval)\./.exec(list);
      for (const line of folder.text(list).split(/\r?\n/)) {
        const about = parse(line);
        if (!about) continue;
        const key = speech.get(about.utterance);
        if (!key) {
          missing++;
          continue;
        }
        const subset = about.subset ?? named?.slice(1).find(Boolean);
        const split = subset ? SUBSETS[subset] : undefined;
        items.set(key, {
          ...{ key, path: folder.path(key), media: 'audio', label: about.label },
          ...(about.label === 'fake'
            ? { generator: about.attack, source: about.attack }
            : { source: `speaker ${about.speaker}` }),
          identities: [about.speaker],
          ...(split ? { split } : {}),
          ...(about.variant ? { variant: about.variant } : {}),
        });
      }
    }
    return { items: [...items.values()], missing };
  },
};

function parse(line: string): Line | null {
  const fields = line.trim().split(/\s+/);
  const at = fields.length === 5 ? 4 : fields.length === 8 ? 5 : -1;
  const key = fields[at];
  if (key !== 'bonafide' && key !== 'spoof') return null;
  const label = key === 'spoof' ? 'fake' : 'real';
  const [speaker, utterance] = fields;
  if (at === 4) return { speaker, utterance, attack: fields[3], label };
  const variant = fields[2] === 'none' || fields[2] === 'nocodec' ? undefined : fields[2];
  return { speaker, utterance, attack: fields[4], label, variant, subset: SUBSETS[fields[7]] && fields[7] };
}

/** Text files whose first line is one of a protocol. */
function protocols(folder: Folder, key = '', depth = 0): string[] {
  const prefix = key === '' ? '' : `${key}/`;
  const here = folder
    .files(key)
    .filter((name) => name.endsWith('.txt'))
    .map((name) => prefix + name)
    .filter((list) => parse(folder.text(list).split(/\r?\n/, 1)[0]) !== null);
  if (depth >= DEEPEST) return here;
  return [...here, ...folder.folders(key).flatMap((name) => protocols(folder, prefix + name, depth + 1))];
}
