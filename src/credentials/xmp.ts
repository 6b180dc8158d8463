/**
 * A small reader for XMP packets (ISO 16684-1): XML in, flat list of properties out, with namespaces resolved, because
 * prefixes are free to choose and labels hide in both of RDF's spellings (attribute and element). No DTD, no external or
 * self-made entities, no recursion; what is broken is read as far as it goes. Browsers have DOMParser and Node has none,
 * so this one serves both.
 */

/** One property of the packet: its namespace, local name and text. Items of arrays come as one property each. */
export interface XmpProperty {
  readonly namespace: string;
  readonly name: string;
  readonly value: string;
}

export interface XmpPacket {
  readonly properties: readonly XmpProperty[];
  /** False when tags did not match, an entity was unknown, or a bound was met: `properties` is then what came before. */
  readonly wellFormed: boolean;
}

/** Namespaces that matter in this room. */
export const XMP_NAMESPACE = {
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  xmp: 'http://ns.adobe.com/xap/1.0/',
  dc: 'http://purl.org/dc/elements/1.1/',
  dcterms: 'http://purl.org/dc/terms/',
  photoshop: 'http://ns.adobe.com/photoshop/1.0/',
  tiff: 'http://ns.adobe.com/tiff/1.0/',
  exif: 'http://ns.adobe.com/exif/1.0/',
  iptcExt: 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/',
  tc260: 'http://www.tc260.org.cn/ns/AIGC/1.0/',
} as const;

const MAX_CHARACTERS = 4_000_000;
const MAX_PROPERTIES = 10_000;
const MAX_DEPTH = 128;

const NAMED_ENTITY: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Character and the five predefined entities; anything else stays as written. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([a-z]{2,4}));/g, (whole, hex, dec, named) => {
    if (named) return NAMED_ENTITY[named] ?? whole;
    const code = hex ? Number.parseInt(hex, 16) : Number.parseInt(dec, 10);
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
      ? String.fromCodePoint(code)
      : whole;
  });
}

/** The reverse for text and attribute values. */
export function encodeEntities(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c);
}

interface Element {
  readonly qname: string;
  readonly namespace: string;
  readonly name: string;
  readonly prefixes: ReadonlyMap<string, string>;
  text: string;
  children: number;
}

function resolve(qname: string, prefixes: ReadonlyMap<string, string>, useDefault: boolean) {
  const colon = qname.indexOf(':');
  if (colon < 0) return { namespace: useDefault ? (prefixes.get('') ?? '') : '', name: qname };
  const prefix = qname.slice(0, colon);
  return { namespace: prefixes.get(prefix) ?? `prefix:${prefix}`, name: qname.slice(colon + 1) };
}

const ATTRIBUTE = /([^\s=/<>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** End of the tag that opens at `start`, minding `>` inside quoted attribute values; -1 when it never ends. */
function tagEnd(text: string, start: number): number {
  let quote = '';
  for (let i = start; i < text.length; i++) {
    const c = text[i];
    if (quote) {
      if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if (c === '>') return i;
  }
  return -1;
}

/** Reads a packet. Never throws; time and memory are linear in its length, which is cut at four million characters. */
export function readXmp(packet: string): XmpPacket {
  const text = packet.length > MAX_CHARACTERS ? packet.slice(0, MAX_CHARACTERS) : packet;
  const properties: XmpProperty[] = [];
  const stack: Element[] = [];
  let wellFormed = text.length === packet.length;
  let seenElement = false;

  const add = (namespace: string, name: string, value: string) => {
    if (properties.length >= MAX_PROPERTIES) wellFormed = false;
    else properties.push({ namespace, name, value });
  };
  /** The property an element's text belongs to: itself, or the nearest ancestor that is not RDF's own. */
  const owner = (from: number): Element | undefined => {
    for (let i = from; i >= 0; i--) if (stack[i].namespace !== XMP_NAMESPACE.rdf) return stack[i];
    return undefined;
  };
  const close = () => {
    const element = stack[stack.length - 1];
    const value = decodeEntities(element.text).trim();
    if (element.children === 0 && value) {
      const property = owner(stack.length - 1);
      if (property) add(property.namespace, property.name, value);
    }
    stack.pop();
  };

  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('<', at);
    const run = text.slice(at, open < 0 ? text.length : open);
    if (stack.length > 0) stack[stack.length - 1].text += run;
    if (open < 0) break;
    if (text.startsWith('<!--', open) || text.startsWith('<![CDATA[', open) || text.startsWith('<?', open)) {
      const [opening, closing] = text.startsWith('<?', open)
        ? ['<?', '?>']
        : text.startsWith('<!--', open)
          ? ['<!--', '-->']
          : ['<![CDATA[', ']]>'];
      const end = text.indexOf(closing, open + opening.length);
      if (end < 0) {
        wellFormed = false;
        break;
      }
      if (opening === '<![CDATA[' && stack.length > 0) {
        stack[stack.length - 1].text += encodeEntities(text.slice(open + opening.length, end));
      }
      at = end + closing.length;
      continue;
    }
    const end = tagEnd(text, open + 1);
    if (end < 0 || text[open + 1] === '!') {
      wellFormed = false; // an unfinished tag, or a DTD, which XMP forbids
      break;
    }
    at = end + 1;
    if (text[open + 1] === '/') {
      const qname = text.slice(open + 2, end).trim();
      if (stack.length === 0 || stack[stack.length - 1].qname !== qname) {
        wellFormed = false;
        break;
      }
      close();
      continue;
    }
    const selfClosing = text[end - 1] === '/';
    const body = text.slice(open + 1, selfClosing ? end - 1 : end);
    const qname = /^[^\s/]*/.exec(body)?.[0] ?? '';
    if (!qname || stack.length >= MAX_DEPTH) {
      wellFormed = false;
      break;
    }
    seenElement = true;
    const parent = stack[stack.length - 1];
    if (parent) parent.children++;
    const attributes = [...body.slice(qname.length).matchAll(ATTRIBUTE)].map(
      (m) => [m[1], decodeEntities(m[2] ?? m[3] ?? '')] as const,
    );
    let prefixes = parent?.prefixes ?? new Map<string, string>();
    const declared = attributes.filter(([n]) => n === 'xmlns' || n.startsWith('xmlns:'));
    if (declared.length > 0) {
      const extended = new Map(prefixes);
      for (const [n, uri] of declared) extended.set(n === 'xmlns' ? '' : n.slice(6), uri);
      prefixes = extended;
    }
    stack.push({ qname, ...resolve(qname, prefixes, true), prefixes, text: '', children: 0 });
    for (const [n, value] of attributes) {
      if (n === 'xmlns' || n.startsWith('xmlns:') || n.startsWith('xml:')) continue;
      const { namespace, name } = resolve(n, prefixes, false);
      if (namespace === XMP_NAMESPACE.rdf) {
        const property = name === 'resource' ? owner(stack.length - 1) : undefined;
        if (property) add(property.namespace, property.name, value);
      } else if (namespace && value && namespace !== 'adobe:ns:meta/') add(namespace, name, value);
    }
    if (selfClosing) close();
  }
  return { properties, wellFormed: wellFormed && seenElement && stack.length === 0 };
}

/** Values of one property in the order written; empty when it is absent. */
export function xmpValues(packet: XmpPacket, namespace: string, name: string): string[] {
  return packet.properties.filter((p) => p.namespace === namespace && p.name === name).map((p) => p.value);
}
