/**
 * Noise against the voice evidence by questions only: its statistics give no gradient. Each file is judged by a fit that
 * had not heard its page, the very fit that is asked.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { randomRoad, under } from '../../recipes/voice/channel.ts';
import { corpus, speechOf } from '../../recipes/voice/describe.ts';
import { scoreOf } from '../../recipes/voice/discriminant.ts';
import { allRows, type Fitted, fitBoth } from '../../recipes/voice/validate.ts';
import { soundSquareAttack } from '../../src/bench/attack/sound.ts';
import { seedOf } from '../../src/bench/conditions/ladder.ts';
import type { ScoreRow, ScoreTable } from '../../src/bench/scores/row.ts';
import type { SpeechSet } from '../../src/bench/speech.ts';
import { speechActivity } from '../../src/core/voice/activity.ts';
import { describeWindow, VOICE_DESCRIPTION } from '../../src/core/voice/description.ts';
import { VOICE_STATISTICS } from '../../src/core/voice/features/index.ts';
import { attackTable } from './attack-table.ts';
import { spread } from './files.ts';
import { QUERIES } from './prepared.ts';

/** Sets of each class, a file each. */
const SETS = 20;
const RATE = 16_000;
/** What is attacked of a file: about a window of the evidence. */
const SECONDS = 4;
/** Random roads the mean is taken of, behind the defence. */
const LOOKS = 5;

interface Target {
  readonly set: SpeechSet;
  readonly key: string;
  readonly samples: Float32Array;
  readonly fitted: Fitted;
}

function scoreIn(samples: Float32Array, { wide, narrow }: Fitted): number {
  const row = describeWindow({ samples, activity: speechActivity(samples, RATE) });
  return (
    (scoreOf(row.subarray(0, VOICE_STATISTICS), wide) +
      scoreOf(row.subarray(VOICE_STATISTICS, VOICE_DESCRIPTION), narrow)) /
    2
  );
}

async function targets(): Promise<Target[]> {
  const sets = corpus();
  const rows = allRows(sets).filter((row) => !row.copy);
  const chosen = (['real', 'fake'] as const).flatMap((label) =>
    spread(
      sets.filter((set) => set.label === label && set.files.length > 0),
      SETS,
    ),
  );
  const fits = new Map<string, Fitted>();
  const out: Target[] = [];
  for (const set of chosen) {
    const fitted = fits.get(set.page) ?? fitBoth(rows.filter((row) => row.set.page !== set.page));
    fits.set(set.page, fitted);
    const [file] = set.files;
    const samples = (await speechOf(file.path)).slice(0, SECONDS * RATE);
    out.push({ set, key: `${set.name}/${file.name}`, samples, fitted });
  }
  return out;
}

/** The sound `make` gives, made once and kept below `folder`. */
async function kept(folder: string, key: string, make: () => Promise<Float32Array>): Promise<Float32Array> {
  const path = join(folder, `${createHash('sha256').update(key).digest('hex').slice(0, 24)}.f32`);
  if (existsSync(path)) return new Float32Array(Uint8Array.from(readFileSync(path)).buffer);
  const made = await make();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.partial`, made);
  renameSync(`${path}.partial`, path);
  return made;
}

/** The mean over random roads: cuts, rooms, codecs, other rates. */
async function defendedScore(samples: Float32Array, { key, fitted }: Target): Promise<number> {
  let sum = 0;
  for (let look = 0; look < LOOKS; look++) {
    sum += scoreIn(await randomRoad(samples, seedOf(key, 1000 + look)), fitted);
  }
  return sum / LOOKS;
}

/** The section of the page. Attacked sounds are kept below `folder`. */
export async function voiceAttacks(epsilons: readonly number[], folder: string): Promise<string> {
  const all = await targets();
  const bare: ScoreRow[] = [];
  const guarded: ScoreRow[] = [];
  const rowOf = ({ set, key }: Target, condition: string, score: number): ScoreRow => ({
    ...{ key, label: set.label, condition, score, status: 'ok', source: set.name },
    ...(set.label === 'fake' ? { generator: set.name } : {}),
  });
  const arrive = async (target: Target, condition: string, samples: Float32Array) => {
    bare.push(rowOf(target, condition, scoreIn(samples, target.fitted)));
    guarded.push(rowOf(target, condition, await defendedScore(samples, target)));
    const shared = await under(samples, 'mp3');
    bare.push(rowOf(target, `${condition}+mp3`, scoreIn(shared, target.fitted)));
  };
  for (const target of all) await arrive(target, 'clean', target.samples);
  for (const epsilon of epsilons) {
    const name = `square on voice-${epsilon}`;
    for (const target of all) {
      const samples = await kept(join(folder, name), target.key, () =>
        soundSquareAttack(target.samples, async (tried) => scoreIn(tried, target.fitted), {
          ...{ epsilon, towards: target.set.label === 'fake' ? -1 : 1, queries: QUERIES },
          seed: seedOf(target.key, 1),
        }),
      );
      await arrive(target, name, samples);
    }
  }
  const tableOf = (rows: readonly ScoreRow[]): ScoreTable => ({
    ...{ name: 'voice', rows, incomplete: 0 },
    meta: {
      ...{ schema: 'huoyan.scores/1', detector: { name: 'voice' } },
      ...{ polarity: 'higher-is-fake', scale: 'logit', threshold: 0 },
    },
  });
  const count = (label: 'real' | 'fake') => all.filter(({ set }) => set.label === label).length;
  return `### ours: voice, page left out

${count('real')} real and ${count('fake')} synthetic recordings, one of a corpus or system, their first ${SECONDS} seconds; noise of at most 1, 2 or 4 of 255 of the recording's own peak, found by ${QUERIES} questions each to the very fit that is judged. \`+mp3\`: saved at 32 kbit/s afterwards. \`defended\`: the mean over ${LOOKS} random roads (rooms, noise, cuts, codecs).

${attackTable(tableOf(bare), tableOf(guarded))}
`;
}
