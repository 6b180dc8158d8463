// biome-ignore-all lint/suspicious/noArrayIndexKey: the parts of a text have no other name

/**
 * The committed tables as elements. Only the part of Markdown they are written in: headings, paragraphs, lists, tables,
 * blocks of code; in a line code, strong words and links. Everything is text: nothing in it can become markup.
 */
import type { ReactNode } from 'react';

type Block =
  | { readonly type: 'heading'; readonly level: number; readonly text: string }
  | { readonly type: 'paragraph'; readonly text: string }
  | { readonly type: 'list'; readonly items: readonly string[] }
  | { readonly type: 'code'; readonly text: string }
  | {
      readonly type: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

const cellsOf = (line: string) =>
  line
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim());

/** The blocks of `source`, in order. */
export function blocksOf(source: string): Block[] {
  const lines = source.split('\n');
  const blocks: Block[] = [];
  let at = 0;
  const take = (belongs: (line: string) => boolean): string[] => {
    const from = at;
    while (at < lines.length && belongs(lines[at])) at++;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at];
    const heading = /^(#{1,4}) (.*)$/.exec(line);
    if (line.trim() === '') at++;
    else if (heading) {
      blocks.push({ type: 'heading', level: heading[1].length, text: heading[2] });
      at++;
    } else if (line.startsWith('```')) {
      at++;
      blocks.push({ type: 'code', text: take((one) => !one.startsWith('```')).join('\n') });
      at++;
    } else if (line.startsWith('|')) {
      const [head, , ...rows] = take((one) => one.startsWith('|'));
      blocks.push({ type: 'table', head: cellsOf(head), rows: rows.map(cellsOf) });
    } else if (line.startsWith('- ')) {
      const items: string[] = [];
      for (const one of take((next) => next.startsWith('- ') || /^ {2,}\S/.test(next))) {
        if (one.startsWith('- ')) items.push(one.slice(2));
        else items[items.length - 1] += ` ${one.trim()}`;
      }
      blocks.push({ type: 'list', items });
    } else {
      const text = take((one) => one.trim() !== '' && !/^(#|\||- |```)/.test(one)).join(' ');
      blocks.push({ type: 'paragraph', text });
    }
  }
  return blocks;
}

const PIECE = /(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\([^)]+\))/;

function Line({ text, follow }: { readonly text: string; readonly follow: (target: string) => ReactNode }) {
  return (
    <>
      {text.split(PIECE).map((piece, i) => {
        const key = `${i} ${piece}`;
        if (/^`.+`$/.test(piece)) return <code key={key}>{piece.slice(1, -1)}</code>;
        if (/^\*\*.+\*\*$/.test(piece)) return <strong key={key}>{piece.slice(2, -2)}</strong>;
        const link = /^\[([^\]]+)\]\(([^)]+)\)$/.exec(piece);
        return link ? <span key={key}>{follow(link[2]) ?? link[1]}</span> : piece;
      })}
    </>
  );
}

/** Elements of `source`; `follow` makes what a link to another table becomes, or null for its words alone. */
export function Markdown({
  source,
  follow,
}: {
  readonly source: string;
  readonly follow: (target: string) => ReactNode;
}) {
  const line = (text: string) => <Line text={text} follow={follow} />;
  return (
    <div className="written" lang="en">
      {blocksOf(source).map((block, i, blocks) => {
        const key = `${i}`;
        if (block.type === 'heading') {
          const Heading = block.level === 1 ? 'h2' : block.level === 2 ? 'h3' : 'h4';
          return <Heading key={key}>{line(block.text)}</Heading>;
        }
        if (block.type === 'paragraph') return <p key={key}>{line(block.text)}</p>;
        if (block.type === 'code')
          return (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
            <pre key={key} tabIndex={0}>
              {block.text}
            </pre>
          );
        if (block.type === 'list')
          return (
            <ul key={key}>
              {block.items.map((item) => (
                <li key={item}>{line(item)}</li>
              ))}
            </ul>
          );
        // Tables with the same columns follow one another; each is told from the others by its number.
        const number = blocks.slice(0, i + 1).filter(({ type }) => type === 'table').length;
        const name = `${number}: ${block.head.join(', ')}`;
        return (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
          <section key={key} className="scroll" tabIndex={0} aria-label={name}>
            <table>
              <thead>
                <tr>
                  {block.head.map((cell, column) => (
                    <th key={`${column} ${cell}`} scope="col">
                      {line(cell)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {block.rows.map((row, r) => (
                  <tr key={`${r} ${row.join('|')}`}>
                    {row.map((cell, column) => (
                      <td key={`${column} ${cell}`}>{line(cell)}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        );
      })}
    </div>
  );
}
