/** `huoyan zoo list`: every generator of the zoo, how it is built, and whether its trained weights are here. */

import { type Construction, DISCRETE, type DiscreteName } from '../../core/construction.ts';
import type { Text } from '../../core/text.ts';
import { PRODUCER } from '../../report/index.ts';
import { displayWidth, padEnd } from '../../report/width.ts';
import { fullCatalogue } from '../../zoo/catalogue/full.ts';
import { shallowCatalogue } from '../../zoo/catalogue/shallow.ts';
import { construction } from '../../zoo/construction.ts';
import type { Family, ZooDeclaration } from '../../zoo/declaration.ts';
import { openZooWeights, type ZooFacts } from '../../zoo/weights.node.ts';
import { zooModel } from '../../zoo/zoo.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit.ts';
import { usageError } from '../failure.ts';

export interface ZooListFlags {
  readonly family?: string;
  readonly json?: boolean;
}

interface Listed {
  readonly declaration: ZooDeclaration;
  readonly construction: Construction;
  readonly facts: ZooFacts | undefined;
}

const SUBJECT: Readonly<Record<ZooDeclaration['subject'], Text>> = {
  faces: { en: 'faces', zh: '人脸' },
  textures: { en: 'textures', zh: '纹理' },
};

/** Prints the list; throws a usage failure for a family that there is none of. */
export async function zooList(flags: ZooListFlags, io: Console): Promise<number> {
  const all = [...fullCatalogue(), ...shallowCatalogue()];
  const families = [...new Set(all.map((declaration) => declaration.family))];
  if (flags.family !== undefined && !families.includes(flags.family as Family)) {
    throw usageError(
      { en: `there is no family "${flags.family}"`, zh: `没有名为“${flags.family}”的族` },
      { en: `one of: ${families.join(', ')}`, zh: `可选：${families.join('、')}` },
    );
  }
  const weights = openZooWeights();
  const listed: Listed[] = [];
  for (const family of families) {
    if (flags.family !== undefined && family !== flags.family) continue;
    const known = await weights.known(family);
    for (const declaration of all.filter((one) => one.family === family)) {
      const facts = known.get(declaration.name);
      listed.push({ declaration, construction: construction(zooModel(declaration)), facts });
    }
  }
  if (flags.json) await io.write(`${JSON.stringify(record(listed), null, 2)}\n`);
  else await io.write(table(listed, io));
  const here = listed.filter(({ facts }) => facts).length;
  io.note({
    en: `${here} of ${listed.length} generators are trained here`,
    zh: `${listed.length} 个生成器中有 ${here} 个的权重在此`,
  });
  return EXIT.ok;
}

function record(listed: readonly Listed[]) {
  const generators = listed.map(({ declaration, construction: built, facts }) => ({
    name: declaration.name,
    family: declaration.family,
    subject: declaration.subject,
    size: declaration.size,
    trained: facts !== undefined,
    psnrDb: facts?.psnr ?? null,
    losses: declaration.losses,
    construction: { ...built.continuous, ...words(built) },
  }));
  return { producer: PRODUCER, generators };
}

/** The discrete part of a construction in RED's words. */
function words({ discrete }: Construction): Record<DiscreteName, string> {
  const entries = Object.entries(DISCRETE).map(([name, values]) => [
    name,
    values[discrete[name as DiscreteName]],
  ]);
  return Object.fromEntries(entries) as Record<DiscreteName, string>;
}

/** What tells generators apart, in one line. */
function inShort(built: Construction, io: Console): string {
  const { layers, blocks, parameters } = built.continuous;
  const { normalisation, activation, lastActivation, upsampling, skip } = words(built);
  const learned = upsampling === 'learned';
  return [
    io.say({
      en: `${layers} layers, ${blocks} blocks, ${parameters.toLocaleString('en')} parameters`,
      zh: `${layers} 层，${blocks} 块，${parameters.toLocaleString('en')} 个参数`,
    }),
    `${normalisation}, ${activation}, ${lastActivation}`,
    learned
      ? io.say({ en: 'learned upsampling', zh: '可学习上采样' })
      : io.say({ en: 'interpolation', zh: '插值上采样' }),
    ...(skip === 'yes' ? [io.say({ en: 'shortcuts', zh: '跳跃连接' })] : []),
  ].join('; ');
}

function table(listed: readonly Listed[], io: Console): string {
  const heads = [
    { en: 'name', zh: '名称' },
    { en: 'family', zh: '族' },
    { en: 'subject', zh: '题材' },
    { en: 'size', zh: '边长' },
    { en: 'weights', zh: '权重' },
    { en: 'construction', zh: '结构' },
  ].map((head) => io.say(head));
  const rows = listed.map(({ declaration, construction: built, facts }) => [
    declaration.name,
    declaration.family,
    io.say(SUBJECT[declaration.subject]),
    String(declaration.size),
    facts ? io.say({ en: 'here', zh: '有' }) : io.say({ en: 'none', zh: '无' }),
    inShort(built, io),
  ]);
  const widths = heads.map((_, i) => Math.max(...[heads, ...rows].map((row) => displayWidth(row[i]))));
  const lines = [heads, ...rows].map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : padEnd(cell, widths[i])))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}
