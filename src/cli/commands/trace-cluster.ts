/** `huoyan trace cluster`: a folder of pictures sorted into its sources. */

import { renderClusters, toClusterRecord } from '../../report/index.ts';
import { plainLine } from '../../report/plain.ts';
import { MOST_SORTED, type Sorted, Sorter } from '../../trace/cluster/sorter.node.ts';
import { Tracer } from '../../trace/tracer.node.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit.ts';
import { checkInputs, inputsOf } from '../inputs.ts';
import { WholeFile } from '../whole-file.ts';

export interface ClusterFlags {
  readonly json?: boolean;
  readonly html?: string;
  readonly filesFrom?: string;
  /** Fewest pictures of a cluster. */
  readonly smallest?: number;
}

/** Runs the command and returns its exit code. */
export async function traceCluster(
  paths: readonly string[],
  flags: ClusterFlags,
  io: Console,
): Promise<number> {
  checkInputs(paths, flags);
  const page = flags.html === undefined ? null : await WholeFile.open(flags.html);
  try {
    const { gallery } = await Tracer.open();
    const sorter = new Sorter(gallery, page !== null);
    let leftOut = 0;
    for await (const input of inputsOf(paths, flags)) {
      if (sorter.count >= MOST_SORTED) {
        leftOut++;
        continue;
      }
      if ('error' in input) sorter.skip(input.name, input.error);
      else await sorter.add(input.name, input.bytes);
      io.status(() => ({ en: `${sorter.count} examined`, zh: `已检验 ${sorter.count} 个` }));
    }
    const sorted = sorter.sort({ smallest: flags.smallest });
    for (const { file, error } of sorted.skipped) io.error(error, file);
    if (flags.json) await io.write(`${JSON.stringify(toClusterRecord(sorted, io.language))}\n`);
    else await io.write(listing(sorted, io));
    if (page) {
      await page.finish([renderClusters(sorted, { language: io.language, generatedAt: new Date() })]);
      io.note({ en: `report written: ${page.path}`, zh: `报告已写出：${page.path}` });
    }
    if (leftOut > 0) {
      io.note({
        en: `${leftOut} files beyond the first ${MOST_SORTED} pictures were left out: sort fewer at a time`,
        zh: `超出前 ${MOST_SORTED} 张的 ${leftOut} 个文件未参与归类：请分批进行`,
      });
    }
    if (sorted.pictures.length === 0) return EXIT.failure;
    return sorted.skipped.length > 0 || leftOut > 0 ? EXIT.partial : EXIT.ok;
  } finally {
    await page?.discard();
  }
}

/** Source after source, its files below it. */
function listing({ pictures, clusters, unclustered, nearIdentical }: Sorted, io: Console): string {
  const lines: string[] = [];
  const names = (members: readonly number[]) => members.map((i) => `  ${plainLine(pictures[i].file)}`);
  for (const { id, members, cohesion } of clusters) {
    const sure = Math.round(cohesion * 100);
    lines.push(
      io.say({
        en: `source ${id}: ${members.length} pictures (${sure} % alike by source on average)`,
        zh: `来源 ${id}：${members.length} 张（两两同源的平均概率 ${sure} %）`,
      }),
      ...names(members),
    );
  }
  if (unclustered.length > 0) {
    lines.push(
      io.say({
        en: `of no source that stands out: ${unclustered.length}`,
        zh: `未归入任何来源：${unclustered.length} 张`,
      }),
      ...names(unclustered),
    );
  }
  for (const group of nearIdentical)
    lines.push(
      io.say({ en: `copies of one picture: ${group.length}`, zh: `同一图片的副本：${group.length} 张` }),
      ...names(group),
    );
  return lines.length ? `${lines.join('\n')}\n` : '';
}
