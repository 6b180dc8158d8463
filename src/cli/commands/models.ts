/** `huoyan models`: the card of every network in use: what it is for, what it was made from, how well it was measured to do. */
import type { ModelCard } from '../../core/card.ts';
import type { Json } from '../../core/json.ts';
import { openModels } from '../../nn/models.node.ts';
import { PRODUCER } from '../../report/index.ts';
import { plainLine } from '../../report/plain.ts';
import { displayWidth, padEnd, wrap } from '../../report/width.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit.ts';

export interface ModelsFlags {
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** Prints the cards; throws HuoyanError `model-missing` for a card that cannot be read. */
export async function models(flags: ModelsFlags, io: Console): Promise<number> {
  const source = openModels();
  const cards: ModelCard[] = [];
  for (const name of await source.names()) cards.push(await source.card(name));
  if (flags.json) {
    await io.write(`${JSON.stringify({ producer: PRODUCER, models: cards }, null, 2)}\n`);
    return EXIT.ok;
  }
  if (cards.length === 0) io.note({ en: 'no models installed', zh: '没有已安装的模型' });
  else await io.write(table(cards, io));
  if (flags.verbose) for (const card of cards) await io.write(`\n${details(card, io)}`);
  return EXIT.ok;
}

/** One line a network, columns as wide as they need to be; the last one takes what is left of the terminal. */
function table(cards: readonly ModelCard[], io: Console): string {
  const heads = [
    { en: 'name', zh: '名称' },
    { en: 'version', zh: '版本' },
    { en: 'parameters', zh: '参数量' },
    { en: 'licence', zh: '许可' },
    { en: 'task', zh: '用途' },
  ].map((head) => io.say(head));
  const rows = cards.map((card) =>
    [card.name, card.version, card.parameters.toLocaleString('en'), card.licence, card.task].map(plainLine),
  );
  const widths = heads.map((_, i) => Math.max(...[heads, ...rows].map((row) => displayWidth(row[i]))));
  const indent = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  const lines: string[] = [];
  for (const row of [heads, ...rows]) {
    const head = row
      .slice(0, -1)
      .map((cell, i) => padEnd(cell, widths[i]))
      .join('  ');
    const last = row[row.length - 1];
    const parts = io.columns && io.columns - indent > 20 ? wrap(last, io.columns - indent) : [last];
    parts.forEach((part, i) => {
      lines.push(`${i === 0 ? `${head}  ` : ' '.repeat(indent)}${part}`.trimEnd());
    });
  }
  return `${lines.join('\n')}\n`;
}

/** The rest of a card, indented, as the recipe wrote it. */
function details(card: ModelCard, io: Console): string {
  const entries: [string, Json][] = [
    [io.say({ en: 'recipe', zh: '重建命令' }), card.recipe],
    ['sha256', card.sha256],
    [io.say({ en: 'trained on', zh: '训练数据' }), card.trainedOn],
    [io.say({ en: 'measured', zh: '实测' }), card.measured],
  ];
  const lines = entries.map(([term, value]) => {
    const text =
      typeof value === 'string'
        ? plainLine(value)
        : JSON.stringify(value, null, 2).replaceAll('\n', '\n    ');
    return `  ${padEnd(term, 12)} ${text}`;
  });
  return `${plainLine(card.name)} ${plainLine(card.version)}\n${lines.join('\n')}\n`;
}
