/**
 * The speech corpus as sets: one folder a corpus of recordings or a synthesis system, with the page it was published
 * on. What stands on one page shares speakers, sentences and a recording chain, so a fair split keeps a page whole.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SpeechSet {
  /** Folder name, for instance `fake_hifigan_v1`. */
  readonly name: string;
  readonly label: 'real' | 'fake';
  /** What it is, as the collection states it. */
  readonly what: string;
  readonly licence: string;
  /** The demonstration page or corpus it comes from. */
  readonly page: string;
  /** Kind of vocoder or synthesis, for leaving systems out across pages; `recording` for real speech. */
  readonly family: string;
  readonly files: readonly {
    readonly name: string;
    readonly path: string;
    readonly language: string | null;
  }[];
}

const PAGES: readonly (readonly [page: string, sets: RegExp])[] = [
  ['hifi-gan', /hifigan_(v\d|gt)$|hifigandemo$/],
  ['vits', /^fake_(vits|vits_dp|glowtts_hifigan|tacotron2_hifigan)$|real_vits_gt/],
  ['fastspeech2', /fastspeech2_/],
  ['diffwave', /^fake_diffwave$|diffwavedemo$|waveflow|real_diffwave_gt/],
  ['styletts2', /styletts|^fake_jets$/],
  ['thorsten', /thorsten/],
  ['espnet', /espnet/],
  ['yoruba', /yoruba/],
  ['freevc', /freevc|bne_ppg_vc|vqmivc/],
  ['sane-tts', /sanetts/],
  ['seamless', /pretssel|seamless/],
  ['fatchord', /fatchord/],
  ['grad-tts', /gradtts/],
  ['keonlee', /diffgantts|portaspeech/],
  ['local', /local_rule_tts/],
  ['librispeech', /librispeech/],
  ['hdtf', /hdtf/],
  ['hyperlips', /hyperlips/],
  ['r9y9', /r9y9|dnn_gan_tts_world|ganvc|nansy|parallelwavegan|tacotron2_wavenet|tacotron_griffinlim|vapwg/],
];

const FAMILIES: readonly (readonly [family: string, sets: RegExp])[] = [
  ['recording', /^real_/],
  ['griffin-lim', /griffinlim/],
  ['autoregressive', /wavenet|wavernn/],
  ['flow', /waveglow|waveflow|clarinet/],
  ['diffusion vocoder', /^fake_diffwave$|wavegrad/],
  ['statistical', /world|local_rule|^fake_ganvc$/],
  ['parallel wavegan', /pwgan|parallelwavegan|vapwg|espnet_pwg|nansy/],
  ['melgan', /melgan|vocgan|tensorflowtts/],
  ['conversion', /freevc|vqmivc|bne_ppg/],
  ['end to end', /vits|jets|styletts|f5tts|pretssel|silero/],
  ['hifi-gan', /./],
];

const matching = (table: readonly (readonly [string, RegExp])[], name: string) =>
  table.find(([, pattern]) => pattern.test(name))?.[0] ?? name;

/** All sets below `folder/audio`, sorted by name. */
export function speechSets(folder: string): SpeechSet[] {
  const root = join(folder, 'audio');
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^(real|fake)_/.test(entry.name))
    .map(({ name }) => {
      const path = join(root, name);
      const meta = JSON.parse(readFileSync(join(path, 'META.json'), 'utf8'));
      const files = readdirSync(path)
        .filter((file) => file.endsWith('.flac'))
        .sort();
      return {
        name,
        label: name.startsWith('real_') ? ('real' as const) : ('fake' as const),
        what: String(meta.what ?? ''),
        licence: String(meta.licence ?? 'not stated'),
        page: matching(PAGES, name),
        family: matching(FAMILIES, name),
        files: files.map((file) => ({
          name: file,
          path: join(path, file),
          language: meta.files?.[file]?.language ?? null,
        })),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
