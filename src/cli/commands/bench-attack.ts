/** `huoyan bench attack`: the same run, on files made to fool the detector or its like. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ATTACKS, type AttackName, attackConditions } from '../../bench/attack/conditions.ts';
import { defended } from '../../bench/attack/defence.ts';
import type { BenchItem } from '../../bench/data/item.ts';
import type { BenchDetector } from '../../bench/detectors/detector.ts';
import type { SpectrumBaseline } from '../../bench/peers/baselines.ts';
import type { Differentiable } from '../../bench/peers/learned.ts';
import { type MesoDetector, openMeso } from '../../bench/peers/meso-detector.ts';
import { MESO_SIDE } from '../../bench/peers/mesonet.ts';
import { SPECTRUM_SIDE } from '../../bench/peers/spectrum.ts';
import type { RgbImage } from '../../core/image.ts';
import { encodePng, readImage } from '../../media/index.node.ts';
import type { Console } from '../console.ts';
import { usageError } from '../failure.ts';
import { type BenchRunFlags, runUnder } from './bench-run.ts';

export interface BenchAttackFlags extends Omit<BenchRunFlags, 'conditions'> {
  readonly attacks?: string;
  readonly epsilons?: string;
  /** Network the noise is crafted on, where it is not the detector itself. */
  readonly craft?: 'meso4' | 'mesoinception4';
  readonly steps?: number;
  readonly queries?: number;
}

/** Runs the command and returns its exit code. */
export async function benchAttack(root: string, flags: BenchAttackFlags, io: Console): Promise<number> {
  const epsilons = (flags.epsilons ?? '1,2,4').split(',').map(Number);
  if (!epsilons.every((epsilon) => epsilon > 0 && epsilon <= 64)) {
    throw usageError(
      { en: `"${flags.epsilons}" is no list of bounds`, zh: `“${flags.epsilons}”不是幅度列表` },
      { en: 'for instance --epsilons 1,2,4 (of 255)', zh: '例如 --epsilons 1,2,4（以 255 为满幅）' },
    );
  }
  const surrogate = flags.craft ? await openMeso(flags.craft, flags.weights ?? '.') : null;
  try {
    return await runUnder(root, flags, io, async (detector) => {
      const inside = insideOf(detector, surrogate);
      const attacks = chosen(flags.attacks, inside !== null);
      const side = detector.name === 'spectrum' && !surrogate ? SPECTRUM_SIDE : MESO_SIDE;
      return {
        conditions: attackConditions({
          ...{ attacks, epsilons, side, steps: flags.steps, queries: flags.queries, seed: flags.seed },
          ...(inside ? { inside } : {}),
          ask: (image, item) => scoreOf(detector, image, item),
        }),
        ...(flags.defended ? { judged: defended(detector, { seed: flags.seed }) } : {}),
      };
    });
  } finally {
    await surrogate?.close();
  }
}

/** Where gradients come from: the surrogate, else the detector when it is one of ours to open; null for a closed one. */
function insideOf(
  detector: BenchDetector,
  surrogate: MesoDetector | null,
): ((key: string) => Promise<Differentiable>) | null {
  if (surrogate) return async () => surrogate.inside;
  if ('inside' in detector) return async () => (detector as MesoDetector).inside;
  if ('insideOf' in detector) return (key) => (detector as SpectrumBaseline).insideOf(key);
  return null;
}

function chosen(named: string | undefined, open: boolean): AttackName[] {
  const names = named?.split(',') ?? (open ? ['fgsm', 'pgd'] : ['square']);
  for (const name of names) {
    if (!(ATTACKS as readonly string[]).includes(name)) {
      throw usageError(
        { en: `there is no attack "${name}"`, zh: `没有名为“${name}”的攻击` },
        { en: `some of: ${ATTACKS.join(', ')}`, zh: `可选：${ATTACKS.join('、')}` },
      );
    }
    if (name !== 'square' && !open) {
      throw usageError(
        {
          en: `${name} needs gradients, which this detector does not give`,
          zh: `${name} 需要梯度，而该检测器不提供`,
        },
        {
          en: 'craft on a network that does: --craft meso4 --weights FOLDER; or only ask: --attacks square',
          zh: '可在能求梯度的网络上制作：--craft meso4 --weights 文件夹；或只靠询问：--attacks square',
        },
      );
    }
  }
  return names as AttackName[];
}

/** What somebody who can only ask is told. */
async function scoreOf(detector: BenchDetector, image: RgbImage, item: BenchItem): Promise<number | null> {
  const bytes = await encodePng(image, { compression: 1 });
  const folder = await mkdtemp(join(tmpdir(), 'huoyan-asked-'));
  const fileOf = async (content: Uint8Array) => {
    const path = join(folder, 'question.png');
    await writeFile(path, content);
    return path;
  };
  try {
    const sample = {
      item,
      bytes,
      fileOf,
      image: () => readImage(bytes, item.key),
      file: () => fileOf(bytes),
    };
    const opinion = await detector.judge(sample, AbortSignal.timeout(60_000));
    return 'score' in opinion ? opinion.score : null;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
