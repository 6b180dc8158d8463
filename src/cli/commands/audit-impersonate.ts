/**
 * `huoyan audit impersonate`: attack material for one's own gallery. Every file says in its metadata that it is
 * synthetic (GB 45438-2025 and IPTC) and shows it, because what we make must not become someone's unlabelled fake.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readGallery } from '../../audit/material/gallery.node.ts';
import { type ImpersonationMethod, METHODS } from '../../audit/material/impersonation.ts';
import { makeImpersonations } from '../../audit/material/make.node.ts';
import { marked } from '../../audit/material/visible-mark.ts';
import { NameBook } from '../../audit/names.ts';
import type { AuditProblem } from '../../core/audit.ts';
import { aigcXmpPacket } from '../../credentials/aigc/label.ts';
import { withXmp } from '../../credentials/png-xmp.ts';
import { installedFaceFinder } from '../../face/finder.node.ts';
import { fromFileSystem } from '../../media/failures.ts';
import { encodePng } from '../../media/index.node.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit.ts';

export interface ImpersonateFlags {
  readonly gallery: readonly string[];
  readonly out: string;
  readonly count: number;
  readonly seed: number;
  readonly method?: ImpersonationMethod;
  readonly bare?: boolean;
}

const PRODUCER_CODE = 'huoyan-audit';

/** Writes PERSON/NAME.png for every fake and fakes.csv beside them; returns the exit code. */
export async function auditImpersonate(flags: ImpersonateFlags, io: Console): Promise<number> {
  const gallery = await readGallery(flags.gallery, new NameBook());
  const problems: AuditProblem[] = [...gallery.problems];
  const { count, seed, out } = flags;
  const rows = ['file,person,base,method'];
  const methods = flags.method ? [flags.method] : METHODS;
  const made = makeImpersonations(gallery, installedFaceFinder(), { count, seed, methods, problems });
  for await (const { person, base, method, index, image } of made) {
    const folder = fileName(person);
    const stem = `${fileName(person)}__${method}_on_${fileName(base)}-${seed}-${String(index).padStart(3, '0')}`;
    const label = {
      Label: '1',
      ContentProducer: PRODUCER_CODE,
      ProduceID: `${method}-${seed}-${rows.length}`,
    } as const;
    const png = withXmp(
      await encodePng(flags.bare ? image : marked(image)),
      aigcXmpPacket(label, 'compositeSynthetic'),
    );
    const path = join(out, folder, `${stem}.png`);
    try {
      await mkdir(join(out, folder), { recursive: true });
      await writeFile(path, png);
    } catch (thrown) {
      throw fromFileSystem(path, thrown);
    }
    rows.push([`${folder}/${stem}.png`, person, base, method].map(quoted).join(','));
    io.status(() => ({ en: `${rows.length - 1} fakes made`, zh: `已制作 ${rows.length - 1} 张` }));
  }
  if (rows.length > 1) await writeFile(join(out, 'fakes.csv'), `${rows.join('\n')}\n`);
  for (const { file, error } of problems) io.error(error, file);
  io.note({
    en: `${rows.length - 1} fakes of ${gallery.people.length} people in ${out}, each labelled as synthetic in its metadata${flags.bare ? '' : ' and on the picture'}; show them only to systems whose owner agreed, of people who agreed`,
    zh: `已在 ${out} 为 ${gallery.people.length} 人写入 ${rows.length - 1} 张伪造图片，均在元数据${flags.bare ? '' : '和画面'}中标明为合成；仅可用于本人同意的人物和已获授权的系统`,
  });
  if (rows.length === 1) return EXIT.failure;
  return problems.length > 0 ? EXIT.partial : EXIT.ok;
}

/** A name that every file system takes. */
function fileName(person: string): string {
  return person.replace(/[^\p{L}\p{M}\p{N}.-]+/gu, '_').replace(/^\.+/, '') || '_';
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
