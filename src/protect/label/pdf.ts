/**
 * PDF: the entry /AIGC of the document's information, as an incremental update behind the file, which is how PDF is
 * meant to be changed: not one byte of the old file is touched. A table or a stream of references, as the file has it.
 */

import { concatBytes } from '../../core/bytes.ts';
import { type AigcLabel, formatLabel } from '../../credentials/aigc/label.ts';
import { ascii, cannotCarry, damaged, type Found, type LabelCarrier, latin1, startsWith } from './carrier.ts';

interface Trailer {
  /** What stands between << and >>. */
  readonly dictionary: string;
  readonly startxref: number;
  /** References stand in a stream, not in a table. */
  readonly stream: boolean;
}

const TAIL = 4096;
const MOST_DICTIONARY = 1 << 20;

/** The dictionary that opens at `at`, with what is nested in it; strings are skipped. */
function dictionaryAt(text: string, at: number): string {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    if (text[i] === '(') {
      for (let open = 1; open > 0 && ++i < text.length; ) {
        if (text[i] === '\\') i++;
        else if (text[i] === '(') open++;
        else if (text[i] === ')') open--;
      }
    } else if (text.startsWith('<<', i)) {
      depth++;
      i++;
    } else if (text.startsWith('>>', i)) {
      depth--;
      i++;
      if (depth === 0) return text.slice(at + 2, i - 1);
    }
  }
  throw damaged('PDF');
}

function trailerOf(bytes: Uint8Array): Trailer {
  const tail = ascii(bytes, Math.max(0, bytes.length - TAIL), bytes.length);
  const last = [...tail.matchAll(/startxref\s+(\d+)/g)].pop();
  const startxref = last ? Number(last[1]) : -1;
  if (startxref < 0 || startxref >= bytes.length) throw damaged('PDF');
  const text = ascii(bytes, startxref, Math.min(bytes.length, startxref + MOST_DICTIONARY));
  const stream = !text.startsWith('xref');
  const from = stream ? text.indexOf('<<') : text.indexOf('<<', text.indexOf('trailer'));
  if (from < 0 || (stream && !/^\d+\s+\d+\s+obj/.test(text))) throw damaged('PDF');
  return { dictionary: dictionaryAt(text, from), startxref, stream };
}

const reference = (dictionary: string, name: string): { object: number; generation: number } | null => {
  const found = new RegExp(`/${name}\\s+(\\d+)\\s+(\\d+)\\s+R`).exec(dictionary);
  return found ? { object: Number(found[1]), generation: Number(found[2]) } : null;
};

/** The dictionary of an object that stands in the file as such; null for one inside an object stream. */
function objectDictionary(bytes: Uint8Array, object: number, generation: number): string | null {
  const text = ascii(bytes, 0, bytes.length);
  const all = [...text.matchAll(new RegExp(`(?:^|[\\r\\n\\s])${object}\\s+${generation}\\s+obj\\s*<<`, 'g'))];
  const last = all[all.length - 1];
  return last ? dictionaryAt(text, last.index + last[0].length - 2) : null;
}

const escaped = (text: string) => text.replace(/[\\()]/g, (c) => `\\${c}`);

export const pdf: LabelCarrier = {
  name: 'PDF',
  recognises: (bytes) => startsWith(bytes, '%PDF-'),
  write: (bytes, label) => updated(bytes, label),
  find(bytes): Found {
    const info = reference(trailerOf(bytes).dictionary, 'Info');
    const dictionary = info && objectDictionary(bytes, info.object, info.generation);
    const at = dictionary?.search(/\/AIGC\s*\(/) ?? -1;
    if (!dictionary || at < 0) return { texts: [], xmp: [] };
    const from = dictionary.indexOf('(', at) + 1;
    let value = '';
    for (let i = from, open = 1; i < dictionary.length; i++) {
      const c = dictionary[i];
      if (c === '\\') {
        value += dictionary[++i] ?? '';
        continue;
      }
      if (c === '(') open++;
      else if (c === ')' && --open === 0) break;
      value += c;
    }
    return { texts: [{ carrier: 'pdf:Info', key: 'AIGC', value }], xmp: [] };
  },
};

function updated(bytes: Uint8Array, label: AigcLabel): Uint8Array {
  const { dictionary, startxref, stream } = trailerOf(bytes);
  if (/\/Encrypt\b/.test(dictionary)) {
    throw cannotCarry({ en: 'an encrypted PDF cannot be labelled', zh: '无法标识已加密的 PDF' });
  }
  const root = reference(dictionary, 'Root');
  const size = Number(/\/Size\s+(\d+)/.exec(dictionary)?.[1]);
  if (!root || !(size > 0)) throw damaged('PDF');
  const old = reference(dictionary, 'Info');
  const before = old ? objectDictionary(bytes, old.object, old.generation) : '';
  // Information hidden in a compressed object stream is not rewritten: a new, larger one would lose it.
  if (before === null) {
    throw cannotCarry({
      en: 'its information is stored in a compressed object',
      zh: '其文档信息存放于压缩对象中',
    });
  }
  const info = old ?? { object: size, generation: 0 };
  const lead = bytes[bytes.length - 1] === 10 ? '' : '\n';
  const infoAt = bytes.length + lead.length;
  const object = `${info.object} ${info.generation} obj\n<<${before} /AIGC (${escaped(formatLabel(label))})>>\nendobj\n`;
  const xrefAt = infoAt + object.length;
  const id = /\/ID\s*\[[^\]]*\]/.exec(dictionary)?.[0] ?? '';
  const common = `/Root ${root.object} ${root.generation} R /Info ${info.object} ${info.generation} R /Prev ${startxref} ${id}`;
  const next = Math.max(size, info.object + 1);
  if (!stream) {
    const entry = `${String(infoAt).padStart(10, '0')} ${String(info.generation).padStart(5, '0')} n \n`;
    const table = `xref\n${info.object} 1\n${entry}trailer\n<</Size ${next} ${common}>>\n`;
    return concatBytes([bytes, latin1(`${lead}${object}${table}startxref\n${xrefAt}\n%%EOF\n`)]);
  }
  // One entry for the information and one for the stream itself: type, offset in four bytes, generation.
  const rows = [
    [info.object, infoAt, info.generation],
    [next, xrefAt, 0],
  ];
  const data = new Uint8Array(rows.length * 6);
  rows.forEach(([, offset, generation], i) => {
    data.set(
      [1, offset >>> 24, (offset >>> 16) & 255, (offset >>> 8) & 255, offset & 255, generation],
      i * 6,
    );
  });
  const index = `[${rows.map(([number]) => `${number} 1`).join(' ')}]`;
  const head = `${next} 0 obj\n<</Type /XRef /Size ${next + 1} /W [1 4 1] /Index ${index} /Length ${data.length} ${common}>>\nstream\n`;
  return concatBytes([
    bytes,
    latin1(lead + object + head),
    data,
    latin1(`\nendstream\nendobj\nstartxref\n${xrefAt}\n%%EOF\n`),
  ]);
}
