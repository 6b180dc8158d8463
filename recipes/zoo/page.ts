/** `docs/zoo.md`: the zoo on one page, every number in it counted from the declarations and from what is trained. */

import { type Construction, DISCRETE, type DiscreteName } from '../../src/core/construction.ts';
import { grouped } from '../../src/core/group.ts';
import type { Family, ShallowDeclaration, ZooDeclaration } from '../../src/zoo/declaration.ts';
import type { ZooFacts } from '../../src/zoo/weights.node.ts';
import type { LegendRow } from './grid.ts';
import { quartiles } from './quartiles.ts';

export interface Described {
  readonly declaration: ZooDeclaration;
  readonly construction: Construction;
  /** Absent while it is not trained. */
  readonly facts: ZooFacts | undefined;
  /** How much the pictures of the sheet differ from one another; absent for a single picture. */
  readonly variety: number | undefined;
}

/** Grey levels below which the pictures of a generator count as one and the same. */
const SAME = 2;
/** dB below which a picture given back is visibly another one. */
const FAITHFUL = 30;

const ABOUT: Readonly<Record<Family, string>> = {
  gan: 'noise to picture against a critic: DCGAN, LSGAN, WGAN, WGAN-GP, SN, BEGAN, relativistic, MMD, AC-GAN',
  vae: 'variational auto-encoders: plain, beta, factor, with a codebook (VQ)',
  diffusion: 'DDPM and DDIM; noise, velocity or picture predicted',
  autoregressive: 'PixelCNN, plain and gated',
  flow: 'RealNVP and Glow-like flows',
  translation: 'pix2pix and CycleGAN, from grey, edges, negative, four levels',
  'super-resolution': 'SRResNet and SRGAN, two- and fourfold',
  inpainting: 'context encoders: the middle is made up',
  'face-swap': 'one encoder, a decoder for each group of people',
  attack: 'FGSM, PGD and perturbing networks',
  shallow: 'small auto-encoders that differ in construction (after Yang et al. 2023, arXiv:2307.15977)',
};

const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;

function table(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [row(heads), row(heads.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(row)].join('\n');
}

const short = (n: number) => (n >= 1000 ? `${Math.round(n / 1000)}k` : String(Math.round(n)));

function familyTable(all: readonly Described[]): string {
  const rows = [...grouped(all, ({ declaration }) => declaration.family)].map(([family, members]) => {
    const sizes = members.map(({ construction }) => construction.continuous.parameters);
    const [least, , middle, , most] = quartiles(sizes);
    const kinds = new Set(members.map(({ construction }) => JSON.stringify(construction.discrete)));
    const trained = members.filter(({ facts }) => facts).length;
    return [
      `**${family}**: ${ABOUT[family]}`,
      ...[members.length, trained, kinds.size, `${short(least)} / ${short(middle)} / ${short(most)}`],
    ];
  });
  const heads = [
    'family',
    'declared',
    'trained',
    'kinds of construction',
    'parameters: least / median / most',
  ];
  return table(heads, rows);
}

function constructionTable(all: readonly Described[]): string {
  const names: Readonly<Record<DiscreteName, string>> = {
    normalisation: 'normalisation',
    activation: 'activation',
    lastActivation: 'last activation',
    upsampling: 'up-sampling',
    skip: 'shortcuts',
    downsampling: 'down-sampling',
  };
  const rows = Object.entries(DISCRETE).map(([name, values]) => {
    const counts = values.map((value, i) => {
      const n = all.filter(({ construction }) => construction.discrete[name as DiscreteName] === i).length;
      return `${value} ${n}`;
    });
    return [names[name as DiscreteName], counts.join(', ')];
  });
  return table(['parameter', 'generators by value'], rows);
}

const FREE = 'none of these';

/** Why a shallow generator cannot give the picture back, the first reason that applies. */
function hindrance({ decoder, across }: ShallowDeclaration): string {
  const { normalisation, upsampling, width } = decoder;
  const blind = upsampling === 'nearest' || upsampling === 'bilinear';
  if (normalisation === 'instance') return 'instance normalisation: the level of each channel is lost';
  if (normalisation === 'group') return "group normalisation: the group's level is lost";
  if (blind && !across) return 'interpolation, nothing handed across: phase cannot be told';
  if (upsampling === 'unpool' && !across)
    return 'unpooling, nothing handed across: one place of four is kept';
  return width <= 8 ? 'only 8 channels' : FREE;
}

const decibels = (values: readonly number[]) =>
  quartiles(values)
    .map((v) => v.toFixed(1))
    .join(' / ');

function fidelity(all: readonly Described[]): string {
  const measured = all.flatMap(({ declaration, facts }) =>
    declaration.family === 'shallow' && facts?.psnr !== undefined ? [{ declaration, psnr: facts.psnr }] : [],
  );
  if (measured.length === 0) return 'No shallow generator is trained yet.';
  const below = (list: readonly { psnr: number }[]) => list.filter(({ psnr }) => psnr < FAITHFUL).length;
  const rows = [...grouped(measured, ({ declaration }) => hindrance(declaration))]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([reason, list]) => [reason, ...[list.length, below(list), decibels(list.map(({ psnr }) => psnr))]]);
  const total = decibels(measured.map(({ psnr }) => psnr));
  const hindered = measured.filter(({ declaration }) => hindrance(declaration) !== FREE);
  return [
    `Mean peak signal-to-noise ratio of 64 held-out pictures, in dB, of the ${measured.length} trained so far: smallest,`,
    `quartiles, largest: **${total}**. ${below(measured)} stay below ${FAITHFUL} dB, ${below(hindered)} of them built in a way that`,
    'cannot do much better: a normalisation by the moments of the picture itself forgets how bright the picture was, and',
    'what up-samples by interpolation is not told where in a pixel of the code a pixel of the picture lies unless features',
    'are handed across. By the first hindrance that applies:',
    '',
    table(
      ['hindrance', 'generators', `below ${FAITHFUL} dB`, 'dB: least / quartiles / most'],
      [...rows, ['all', measured.length, below(measured), total]],
    ),
  ].join('\n');
}

/** Rows of one family under its name; a family of numbered names is told by its first and last. */
function legendText(legend: readonly LegendRow[]): string {
  return [...grouped(legend, ({ family }) => family)]
    .map(([family, rows]) => {
      const names = ({ names: all }: LegendRow) =>
        family === 'shallow' ? `${all[0]} … ${all[all.length - 1]}` : all.join(', ');
      const lines =
        family === 'shallow'
          ? [`${rows.length} rows: ${names(rows[0])}, and so on to ${rows[rows.length - 1].names.at(-1)}`]
          : rows.map(names);
      return `**${family}**  \n${lines.join('  \n')}`;
    })
    .join('\n\n');
}

function sameness(collapsed: readonly string[]): string {
  if (collapsed.length === 0) return 'None of them makes the same picture over and over.';
  return [
    `Training sometimes ends in the same picture over and over; so it did with ${collapsed.length} (pictures on the sheet that differ`,
    `by less than ${SAME} grey levels): ${collapsed.join(', ')}.`,
  ].join('\n');
}

/** The page; `picture` is the sheet's file name beside it. */
export function page(all: readonly Described[], legend: readonly LegendRow[], picture: string): string {
  const trained = all.filter(({ facts }) => facts).length;
  const collapsed = all.flatMap(({ declaration, variety }) =>
    variety !== undefined && variety < SAME ? [declaration.name] : [],
  );
  const slowed = all.filter(({ facts }) => facts && facts.rateFactor < 1).length;
  return `# The zoo of generators

Written by \`npm run recipe:zoo -- sheet\`; every number is counted.

${all.length} generators are declared as data (\`src/zoo/catalogue/\`), ${trained} of them are trained here. A declaration decides how
a generator is built and trained; its construction (layers, blocks, normalisation, up-sampling, losses: the fifteen values
and ten bits of Asnani et al. 2021, arXiv:2106.07873) is then read off the network's own graph. So each picture's maker is
known without anyone having typed it in, which is what attribution and model parsing are trained and judged with.

\`\`\`
huoyan zoo list --family gan
huoyan zoo sample gan-bce-dcgan --count 1000 --seed 1 --out pictures
huoyan zoo sample shallow-007 --count 1000 --size 64 --from my-photos
\`\`\`

Every picture written is labelled as AI-generated in its metadata (GB 45438-2025 and IPTC).

## Families

${familyTable(all)}

## Constructions

${constructionTable(all)}

## How faithful the shallow ones are

${fidelity(all)}

## What they are not

They are made in minutes on one core, for pictures of 32 pixels a side: faces are recognisable as faces at best. They
are here for their traces, not for their looks, and a detector that knows them knows the construction of generators, not
yet Stable Diffusion. Of those trained, ${slowed} diverged at first and
were trained again at a lower rate; their facts say so.
${sameness(collapsed)}
Generators that start from a picture start from dead leaves (Lee, Mumford and Huang 2001) unless they are given pictures.
What they were trained on, with licences, is on the card: \`models/zoo/card.json\`.

## The sheet

![samples of every trained generator](${picture})

One row after the other, left to right; a grey rule begins a family. Six pictures of a generator stand side by side, of a
shallow one a single picture. Those that start from a picture started from dead leaves.

${legendText(legend)}
`;
}
