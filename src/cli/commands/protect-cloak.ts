/** `huoyan protect cloak`: a portrait changed a little so that manipulating or recognising its face fails more often. */
import { installedFaceFinder } from '../../face/finder.node.ts';
import { readImageFile } from '../../media/index.node.ts';
import type { Strength } from '../../protect/cloak/budget.ts';
import { cloakPortrait } from '../../protect/cloak/portrait.node.ts';
import { failures } from '../../protect/cloak/record.ts';
import { THREAT_TEXT, type Threat } from '../../protect/cloak/threats.ts';
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

/** Writes the cloaked copy and returns the exit code. */
export async function protectCloak(path: string, flags: CloakFlags, io: Console): Promise<number> {
  const { out, threat: threats = [], strength, quick = false } = flags;
  const encode = encoderFor(out);
  const { pixels } = await readImageFile(path);
  const finder = installedFaceFinder();
  const { bytes, record } = await cloakPortrait(pixels, { finder, threats, strength, quick, encode });
  await writeBytes(out, bytes);
  if (flags.json) {
    await io.write(`${JSON.stringify({ out, ...record }, null, 2)}\n`);
    return EXIT.ok;
  }
  const { facesFound, note } = record;
  const [psnr, facePsnr] = [record.psnrDb.toFixed(1), record.facePsnrDb.toFixed(1)];
  io.note({
    en: `cloaked the largest of ${facesFound} faces (PSNR ${psnr} dB, of the face alone ${facePsnr} dB): ${out}`,
    zh: `已处理 ${facesFound} 张人脸中最大的一张（PSNR ${psnr} dB，仅人脸 ${facePsnr} dB）：${out}`,
  });
  for (const { threat, stored, jpeg75 } of record.measuredAgainst) {
    const [a, b, n] = [failures(stored), failures(jpeg75), stored.length];
    const names = stored.map(({ name }) => name).join(', ');
    io.note({
      en: `  ${THREAT_TEXT[threat].en}: ${a} of ${n} kept from it as stored, ${b} after JPEG 75 (${names})`,
      zh: `  ${THREAT_TEXT[threat].zh}：原样 ${a}/${n} 失效，JPEG 75 后 ${b}/${n} 失效（${names}）`,
    });
  }
  io.note(note);
  return EXIT.ok;
}
