/**
 * The report of a case or an analysis on pages (A4, PDF): its blocks set in columns and lines, every line with the font that has its characters,
 * tagged for screen readers, with the number of pages at the foot of each. Lines are broken here and not by pdfkit, because a
 * line may need several fonts and Chinese breaks between any two characters but some. The one door to pdfkit, an optional
 * dependency.
 */
import { HuoyanError } from '../../core/errors.ts';
import type { Outcome } from '../locale/labels.ts';
import type { Block, Cell, PagedDocument, Style } from './content.ts';
import { type Fonts, fontsFor, type Weight } from './fonts.node.ts';

const PAGE = { width: 595.28, height: 841.89, left: 56, right: 56, top: 56, bottom: 64 };
const WIDTH = PAGE.width - PAGE.left - PAGE.right;
const BOTTOM = PAGE.height - PAGE.bottom;
const BODY = 9.5;
const SMALL = 8.4;
/** Of the size of the characters. */
const LEADING = 1.5;
const INK = '#1b1e22';
const QUIET = '#5a6068';
const RULE = '#c9c9c4';
const COLOUR: Readonly<Record<Outcome, string>> = {
  synthetic: '#66409c',
  manipulated: '#98391f',
  suspect: '#805500',
  inconclusive: '#52606d',
  authentic: '#17655a',
  unreadable: '#5f5a55',
};
/** What a line may not begin with, and what it may not end with. */
const NOT_FIRST = new Set('，。、；：！？）》」』”’％%…,.;:!?)]}');
const NOT_LAST = new Set('（《「『“‘([{');
/** How a character is written that the font does not have. */
const SUBSTITUTE = ' [U+0123456789ABCDEF]';

/** With what its types leave out. */
type Document = PDFKit.PDFDocument & {
  openImage(source: Buffer): { readonly width: number; readonly height: number };
};
type Structure = PDFKit.PDFStructureElement;

interface Look {
  readonly size: number;
  readonly weight: Weight;
  readonly colour: string;
  /** May be broken between any two characters. */
  readonly anywhere?: boolean;
}

const LOOK: Readonly<Record<Style, Look>> = {
  plain: { size: BODY, weight: 'regular', colour: INK },
  quiet: { size: BODY, weight: 'regular', colour: QUIET },
  bold: { size: BODY, weight: 'bold', colour: INK },
  code: { size: SMALL, weight: 'regular', colour: INK, anywhere: true },
};
const TITLE: Look = { size: 22, weight: 'bold', colour: INK };
const HEADING: readonly Look[] = [
  { size: 14, weight: 'bold', colour: INK },
  { size: 10.5, weight: 'bold', colour: INK },
];
const TABLE: Look = { size: SMALL, weight: 'regular', colour: INK };
const FOOT: Look = { size: 7.5, weight: 'regular', colour: QUIET };

/** The document as a PDF. Rejects with HuoyanError `component-missing`. */
export async function pdfOf(content: PagedDocument, created: Date): Promise<Uint8Array> {
  const { default: PDFDocument } = await import('pdfkit').catch((cause) => {
    throw new HuoyanError(
      'component-missing',
      { en: 'the package pdfkit is not installed', zh: '未安装软件包 pdfkit' },
      { en: 'run: npm install pdfkit', zh: '请运行：npm install pdfkit' },
      { cause },
    );
  });
  const fonts = await fontsFor(charactersOf(content));
  const doc = new PDFDocument({
    size: [PAGE.width, PAGE.height],
    margin: 0,
    bufferPages: true,
    pdfVersion: '1.7',
    subset: 'PDF/A-2a',
    tagged: true,
    lang: content.language === 'zh' ? 'zh-Hans' : 'en',
    displayTitle: true,
    // No font that every reader is supposed to have: all that is used is in the document.
    font: '',
    info: {
      Title: content.title,
      Author: 'Huoyan',
      Creator: 'Huoyan',
      CreationDate: created,
      ModDate: created,
    },
  });
  const chunks: Buffer[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    doc.on('end', resolve);
    doc.on('error', reject);
  });
  for (const { name, bytes } of fonts.parts) doc.registerFont(name, Buffer.from(bytes));
  const setter = new Setter(doc as Document, fonts);
  for (const block of content.blocks) setter.set(block);
  setter.foot(content.foot);
  doc.end();
  await ended;
  return new Uint8Array(Buffer.concat(chunks));
}

/** Every character that is drawn, by its weight. */
function charactersOf({ blocks, foot }: PagedDocument): Record<Weight, Set<string>> {
  const used = { regular: new Set(SUBSTITUTE), bold: new Set(SUBSTITUTE) };
  const add = (text: string, weight: Weight) => {
    for (const char of text) if (char >= ' ') used[weight].add(char);
  };
  const cell = ({ text, style, outcome }: Cell) => {
    add(text, outcome ? 'bold' : LOOK[style ?? 'plain'].weight);
  };
  add(`${foot}·0123456789/•`, 'regular');
  for (const block of blocks) {
    if (block.type === 'title') {
      add(block.above, 'regular');
      add(block.text, 'bold');
    } else if (block.type === 'heading') add(block.text, 'bold');
    else if (block.type === 'verdict') add(block.text + block.beside, 'bold');
    else if (block.type === 'text') cell(block);
    else if (block.type === 'list') add(block.items.join(''), 'regular');
    else if (block.type === 'facts') {
      for (const [term, value] of block.rows) {
        add(term, 'regular');
        cell(value);
      }
    } else if (block.type === 'table') {
      add(block.head.join(''), 'bold');
      for (const row of block.rows) for (const one of row) cell(one);
    }
  }
  return used;
}

/** Sets blocks one below the other, and begins pages as they are full. */
class Setter {
  readonly #doc: Document;
  readonly #fonts: Fonts;
  readonly #advances = new Map<string, number>();
  #y = PAGE.top;

  constructor(doc: Document, fonts: Fonts) {
    this.#doc = doc;
    this.#fonts = fonts;
  }

  set(block: Block): void {
    switch (block.type) {
      case 'title':
        this.#tagged('P', () => this.#lines(block.above, LOOK.quiet, PAGE.left, WIDTH));
        this.#tagged('H1', () => this.#lines(block.text, TITLE, PAGE.left, WIDTH));
        this.#y += 10;
        return;
      case 'heading': {
        if (block.fresh && this.#y > BOTTOM - 260) this.#page();
        this.#y += block.level === 1 ? 16 : 6;
        this.#room(80);
        this.#tagged(block.level === 1 ? 'H2' : 'H3', () =>
          this.#lines(block.text, HEADING[block.level - 1], PAGE.left, WIDTH),
        );
        this.#y += 3;
        return;
      }
      case 'text':
        this.#tagged('P', () => this.#lines(block.text, LOOK[block.style ?? 'plain'], PAGE.left, WIDTH));
        this.#y += 4;
        return;
      case 'verdict': {
        this.#y += 8;
        this.#room(40);
        const look: Look = { size: 13, weight: 'bold', colour: COLOUR[block.outcome] };
        const from = this.#y;
        this.#tagged('P', () =>
          this.#lines(`${block.text} ${block.beside}`, look, PAGE.left + 10, WIDTH - 10),
        );
        this.#artifact(() => this.#doc.rect(PAGE.left, from, 3, this.#y - from).fill(COLOUR[block.outcome]));
        this.#y += 4;
        return;
      }
      case 'list':
        this.#list(block.items);
        return;
      case 'facts':
        this.#rows(
          [0.28, 0.72],
          block.rows.map(([term, value]) => [{ text: term, style: 'quiet' as const }, value]),
          null,
          false,
        );
        this.#y += 6;
        return;
      case 'table':
        this.#rows(block.widths, block.rows, block.head, true);
        this.#y += 6;
        return;
      case 'picture':
        this.#picture(block.jpeg, block.alt);
    }
  }

  /** Numbers the pages, when all of them are there. */
  foot(text: string): void {
    const { start, count } = this.#doc.bufferedPageRange();
    for (let i = 0; i < count; i++) {
      this.#doc.switchToPage(start + i);
      const number = `${i + 1} / ${count}`;
      const y = PAGE.height - PAGE.bottom + 26;
      this.#doc.markContent('Artifact', { type: 'Pagination' } as PDFKit.Mixins.MarkingOptions);
      this.#line(text, FOOT, PAGE.left, y);
      this.#line(number, FOOT, PAGE.left + WIDTH - this.#width(number, FOOT), y);
      this.#doc.endMarkedContent();
    }
  }

  #list(items: readonly string[]): void {
    const list = this.#doc.struct('L');
    this.#doc.addStructure(list);
    for (const item of items) {
      const one = this.#doc.struct('LI');
      list.add(one);
      this.#room(BODY * LEADING);
      one.add(
        this.#doc.struct('Lbl', {}, () => {
          this.#line('•', LOOK.plain, PAGE.left + 2, this.#y);
        }),
      );
      one.add(this.#doc.struct('LBody', {}, () => this.#lines(item, LOOK.plain, PAGE.left + 14, WIDTH - 14)));
      one.end();
      this.#y += 3;
    }
    list.end();
  }

  /** Rows of cells side by side; a row stays on one page where it can. */
  #rows(
    shares: readonly number[],
    rows: readonly (readonly Cell[])[],
    head: readonly string[] | null,
    ruled: boolean,
  ): void {
    const gap = 10;
    const base = ruled ? TABLE : LOOK.plain;
    const lefts = shares.map((_, i) => PAGE.left + WIDTH * shares.slice(0, i).reduce((a, b) => a + b, 0));
    const widths = shares.map((share, i) => WIDTH * share - (i < shares.length - 1 ? gap : 0));
    const table = this.#doc.struct('Table');
    this.#doc.addStructure(table);
    const lookOf = ({ style = 'plain', outcome }: Cell): Look => {
      const look = LOOK[style];
      const size = Math.min(look.size, base.size);
      return outcome ? { size, weight: 'bold', colour: COLOUR[outcome] } : { ...look, size };
    };
    const headRow = () => {
      if (!head) return;
      const look: Look = { ...TABLE, weight: 'bold' };
      const cells = head.map((text, i) => ({ look, lines: this.#broken(text, look, widths[i]) }));
      this.#row(table, cells, lefts, 'TH');
      this.#rule(INK);
    };
    this.#room(60);
    headRow();
    for (const row of rows) {
      const cells = row.map((cell, i) => {
        const look = lookOf(cell);
        const lines = this.#broken(cell.text, look, widths[i]);
        return { look, lines };
      });
      const height = Math.max(...cells.map(({ look, lines }) => lines.length * look.size * LEADING));
      if (this.#y + height > BOTTOM && height < BOTTOM - PAGE.top - 60) {
        this.#page();
        headRow();
      }
      // What is longer than a page goes on on the next.
      let rest = cells;
      while (rest.some(({ lines }) => lines.length > 0)) {
        const fits = Math.max(1, Math.floor((BOTTOM - this.#y) / (base.size * LEADING)));
        this.#row(
          table,
          rest.map(({ look, lines }) => ({ look, lines: lines.slice(0, fits) })),
          lefts,
          'TD',
        );
        rest = rest.map(({ look, lines }) => ({ look, lines: lines.slice(fits) }));
        if (rest.some(({ lines }) => lines.length > 0)) {
          this.#page();
          headRow();
        }
      }
      if (ruled) this.#rule(RULE);
    }
    table.end();
  }

  #row(
    table: Structure,
    cells: readonly { readonly look: Look; readonly lines: readonly string[] }[],
    lefts: readonly number[],
    kind: 'TH' | 'TD',
  ): void {
    const tr = this.#doc.struct('TR');
    table.add(tr);
    const top = this.#y;
    let lowest = top;
    for (const [i, { look, lines }] of cells.entries()) {
      tr.add(
        this.#doc.struct(kind, {}, () => {
          for (const [n, line] of lines.entries())
            this.#line(line, look, lefts[i], top + n * look.size * LEADING);
        }),
      );
      lowest = Math.max(lowest, top + lines.length * look.size * LEADING);
    }
    tr.end();
    this.#y = lowest + 2;
  }

  #rule(colour: string): void {
    const y = this.#y;
    this.#artifact(() =>
      this.#doc
        .moveTo(PAGE.left, y)
        .lineTo(PAGE.left + WIDTH, y)
        .lineWidth(0.5)
        .stroke(colour),
    );
    this.#y += 3;
  }

  #picture(jpeg: Uint8Array, alt: string): void {
    const image = this.#doc.openImage(Buffer.from(jpeg));
    const scale = Math.min(1, 230 / image.width, 170 / image.height);
    const [width, height] = [image.width * scale, image.height * scale];
    this.#room(height + 60);
    const y = this.#y;
    const figure = this.#doc.struct('Figure', { alt }, () => {
      this.#doc.image(image as unknown as Buffer, PAGE.left, y, { width, height });
    });
    this.#doc.addStructure(figure);
    figure.end();
    this.#y += height + 10;
  }

  #tagged(kind: string, draw: () => void): void {
    const structure = this.#doc.struct(kind, {}, draw);
    this.#doc.addStructure(structure);
    structure.end();
  }

  #artifact(draw: () => void): void {
    this.#doc.markContent('Artifact', { type: 'Layout' } as PDFKit.Mixins.MarkingOptions);
    draw();
    this.#doc.endMarkedContent();
  }

  #page(): void {
    this.#doc.addPage({ size: [PAGE.width, PAGE.height], margin: 0 });
    this.#y = PAGE.top;
  }

  /** Begins a page when less than `height` is left. */
  #room(height: number): void {
    if (this.#y + height > BOTTOM) this.#page();
  }

  #lines(text: string, look: Look, x: number, width: number): void {
    for (const line of this.#broken(text, look, width)) {
      this.#room(look.size * LEADING);
      this.#line(line, look, x, this.#y);
      this.#y += look.size * LEADING;
    }
  }

  /** Draws one line, in as many runs as it needs fonts. */
  #line(line: string, { size, weight, colour }: Look, x: number, y: number): void {
    const doc = this.#doc;
    let at = x;
    for (const [font, run] of this.#runs(line, weight)) {
      doc.font(font).fontSize(size).fillColor(colour);
      // Fonts differ in how far their characters reach up; the line they stand on is the same.
      doc.text(run, at, y + size * 1.05, { lineBreak: false, baseline: 'alphabetic' });
      at += doc.widthOfString(run);
    }
  }

  #runs(line: string, weight: Weight): [font: string, run: string][] {
    const runs: [string, string][] = [];
    for (const char of line) {
      const last = runs.at(-1);
      const shown = char < ' ' ? ' ' : char;
      const own = this.#fonts.partOf(shown, weight);
      const font = own ?? (this.#fonts.partOf('U', weight) as string);
      const text = own === null ? substitute(char) : shown;
      if (last?.[0] === font) last[1] += text;
      else runs.push([font, text]);
    }
    return runs;
  }

  #width(text: string, look: Look): number {
    let width = 0;
    for (const char of text) width += this.#advance(char, look.weight) * look.size;
    return width;
  }

  /** How far a character goes, of its size. */
  #advance(char: string, weight: Weight): number {
    const key = `${weight} ${char}`;
    const known = this.#advances.get(key);
    if (known !== undefined) return known;
    let width = 0;
    for (const [font, run] of this.#runs(char, weight))
      width += this.#doc.font(font).fontSize(100).widthOfString(run) / 100;
    this.#advances.set(key, width);
    return width;
  }

  /** `text` in lines no wider than `width`. */
  #broken(text: string, look: Look, width: number): string[] {
    return text.split('\n').flatMap((paragraph) => {
      const lines: string[] = [];
      let line = '';
      let used = 0;
      for (const piece of piecesOf(paragraph, look.anywhere ?? false)) {
        const wide = this.#width(piece, look);
        const bare = piece.trimEnd();
        if (used + this.#width(bare, look) <= width) {
          line += piece;
          used += wide;
          continue;
        }
        if (line !== '') lines.push(line.trimEnd());
        [line, used] = ['', 0];
        // A piece that is wider than a line by itself is broken wherever it must be.
        for (const char of piece) {
          const step = this.#advance(char, look.weight) * look.size;
          if (used + step > width && line !== '') {
            lines.push(line);
            [line, used] = ['', 0];
          }
          line += char;
          used += step;
        }
      }
      lines.push(line.trimEnd());
      return lines;
    });
  }
}

const substitute = (char: string) =>
  `[U+${(char.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}]`;

/** Pieces between which a line may be broken: words, and single characters of scripts that have none. */
function piecesOf(text: string, anywhere: boolean): string[] {
  const pieces: string[] = [];
  for (const char of text) {
    const last = pieces.at(-1) ?? '';
    const before = Array.from(last).at(-1) ?? '';
    const joined =
      last !== '' &&
      (char === ' ' ||
        NOT_FIRST.has(char) ||
        NOT_LAST.has(before) ||
        (!anywhere && before !== ' ' && !isWide(before) && !isWide(char)));
    if (joined) pieces[pieces.length - 1] += char;
    else pieces.push(char);
  }
  return pieces;
}

const isWide = (char: string) =>
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\u3000-\u303f\uff00-\uffef]/u.test(char);
