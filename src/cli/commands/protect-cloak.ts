/** `huoyan protect cloak`: a portrait changed a little so that manipulating or recognising its face fails more often. */
import type { RgbImage } from '../../core/image.ts';
import type { Text } from '../../core/text.ts';
import { installedFaceFinder } from '../../face/finder.node.ts';
import { decodePixels, encodeJpeg, readImageFile } from '../../media/index.node.ts';
import { STRENGTHS, type Strength } from '../../protect/cloak/budget.ts';
import { cloaked, faceToCloak } from '../../protect/cloak/cloak.ts';
import { openSurrogates } from '../../protect/cloak/opened.node.ts';
import { THREAT_TEXT, THREATS, type Threat } from '../../protect/cloak/threats.ts';
import { faceAgain, type Trial, tried } from '../../protect/cloak/trial.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit.ts';
import { encoderFor } from '../picture-file.ts';
import { writeBytes } from '../write-bytes.ts';

export interface CloakFlags {
  readonly out: string;
  readonly threat?: readonly Threat[];
  readonly strength: Strength;
  readonly quick?: boolean;
  readonly json?: boolean;
}

const QUICK = { steps: 6, draws: 1 };
const SEED = 1;
/** What a cloak holds against, as measured. */
const DEFAULT: readonly Threat[] = ['identity'];

const NO_GUARANTEE: Text = {
  en: 'no guarantee: these are the programs the cloak was made against. Against most manipulators it had not seen it failed in our measurements; see docs/protect.md',
  zh: '不构成保证：以上是生成扰动时所针对的程序。对未见过的多数篡改程序，我们的测量显示扰动无效，参见 docs/protect.zh-CN.md',
};

/** Writes the cloaked copy and returns the exit code. */
export async function protectCloak(path: string, flags: CloakFlags, io: Console): Promise<number> {
  const encodeAs = encoderFor(flags.out);
  const given = flags.threat?.length ? flags.threat : DEFAULT;
  const threats = THREATS.filter((threat) => given.includes(threat));
  const { pixels } = await readImageFile(path);
  const finder = installedFaceFinder();
  const { face, faces } = await faceToCloak(pixels, finder);
  const { surrogates, close } = await openSurrogates(threats);
  try {
    const { image, cost } = await cloaked(pixels, face, {
      ...{ budget: STRENGTHS[flags.strength], surrogates, seed: SEED },
      ...(flags.quick ? QUICK : {}),
    });
    const written = await encodeAs(image);
    const roads = {
      stored: async (picture: RgbImage) => (picture === image ? decodePixels(written) : picture),
      jpeg75: async (picture: RgbImage) => decodePixels(await encodeJpeg(picture, { quality: 75 })),
    };
    const placed = async (picture: RgbImage) => ({
      image: picture,
      face: await faceAgain(picture, finder, face),
    });
    const after = async (road: keyof typeof roads) => {
      const [clean, changed] = [await roads[road](pixels), await roads[road](image)];
      return tried(await placed(clean), await placed(changed), surrogates);
    };
    const [stored, jpeg75] = [await after('stored'), await after('jpeg75')];
    await writeBytes(flags.out, written);
    const against = threats.map((threat) => {
      const names = surrogates.filter((surrogate) => surrogate.threat === threat).map(({ name }) => name);
      const of = (trials: readonly Trial[]) => trials.filter(({ name }) => names.includes(name));
      return { threat, stored: of(stored), jpeg75: of(jpeg75) };
    });
    if (flags.json) {
      const answer = {
        ...{ out: flags.out, strength: flags.strength, quick: flags.quick === true },
        ...{ facesFound: faces, facesCloaked: 1 },
        ...{ psnrDb: to(2, cost.pictureDb), facePsnrDb: to(2, cost.faceDb) },
        meanColourDistance: to(2, cost.colour),
        measuredAgainst: against.map(({ threat, ...roads }) => ({
          threat,
          stored: roads.stored.map(rounded),
          jpeg75: roads.jpeg75.map(rounded),
        })),
        ...{ guarantee: false, note: NO_GUARANTEE },
      };
      await io.write(`${JSON.stringify(answer, null, 2)}\n`);
      return EXIT.ok;
    }
    io.note({
      en: `cloaked the largest of ${faces} faces (PSNR ${cost.pictureDb.toFixed(1)} dB, of the face alone ${cost.faceDb.toFixed(1)} dB): ${flags.out}`,
      zh: `已处理 ${faces} 张人脸中最大的一张（PSNR ${cost.pictureDb.toFixed(1)} dB，仅人脸 ${cost.faceDb.toFixed(1)} dB）：${flags.out}`,
    });
    for (const { threat, ...roads } of against) {
      const [a, b] = [roads.stored, roads.jpeg75].map(
        (trials) => trials.filter(({ over, visible }) => over && visible).length,
      );
      const names = roads.stored.map(({ name }) => name).join(', ');
      const n = roads.stored.length;
      io.note({
        en: `  ${THREAT_TEXT[threat].en}: ${a} of ${n} kept from it as stored, ${b} after JPEG 75 (${names})`,
        zh: `  ${THREAT_TEXT[threat].zh}：原样 ${a}/${n} 失效，JPEG 75 后 ${b}/${n} 失效（${names}）`,
      });
    }
    io.note(NO_GUARANTEE);
  } finally {
    await close();
  }
  return EXIT.ok;
}

function to(digits: number, value: number): number {
  return Number(value.toFixed(digits));
}

function rounded({ name, gap, over, visible }: Trial) {
  return { name, gap: to(4, gap), failed: over && visible };
}
