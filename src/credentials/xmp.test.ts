import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEntities, encodeEntities, readXmp, XMP_NAMESPACE, xmpValues } from './xmp.ts';

const packet = (inside: string, attributes = '') =>
  `<?xpacket begin="\uFEFF"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="${XMP_NAMESPACE.rdf}">` +
  `<rdf:Description rdf:about="" xmlns:p="${XMP_NAMESPACE.photoshop}" xmlns:dc="${XMP_NAMESPACE.dc}" ${attributes}>` +
  `${inside}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;

describe('readXmp', () => {
  it('reads attributes, elements, resources and array items alike, whatever the prefix', () => {
    const read = readXmp(
      packet(
        '<p:Source>x &lt;y&gt; &#x4e2d;</p:Source><dc:creator><rdf:Seq><rdf:li>a</rdf:li><rdf:li>b</rdf:li></rdf:Seq></dc:creator>' +
          '<dc:relation rdf:resource="http://r/"/><!-- <p:Credit>no</p:Credit> --><dc:title><![CDATA[<t>&amp;]]></dc:title>',
        'p:Credit="C &amp; D"',
      ),
    );
    expect(read.wellFormed).toBe(true);
    expect(xmpValues(read, XMP_NAMESPACE.photoshop, 'Credit')).toEqual(['C & D']);
    expect(xmpValues(read, XMP_NAMESPACE.photoshop, 'Source')).toEqual(['x <y> 中']);
    expect(xmpValues(read, XMP_NAMESPACE.dc, 'creator')).toEqual(['a', 'b']);
    expect(xmpValues(read, XMP_NAMESPACE.dc, 'relation')).toEqual(['http://r/']);
    expect(xmpValues(read, XMP_NAMESPACE.dc, 'title')).toEqual(['<t>&amp;']);
  });

  it('reads a broken packet as far as it goes and says so', () => {
    const whole = packet('<p:Source>a</p:Source><p:Credit>b</p:Credit>');
    const cut = readXmp(whole.slice(0, whole.indexOf('<p:Credit>') + 5));
    expect(cut.wellFormed).toBe(false);
    expect(xmpValues(cut, XMP_NAMESPACE.photoshop, 'Source')).toEqual(['a']);
    expect(readXmp('<!DOCTYPE x [<!ENTITY a "b">]><x/>').wellFormed).toBe(false);
    expect(readXmp('').wellFormed).toBe(false);
  });

  it('never throws and never takes more than linear time', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom('<', '>', '/', 'a:b', '="', '"', "'", '&', 'x', ' ', '<!--', '<?', ']]>', '\n'),
          { maxLength: 200 },
        ),
        (parts) => {
          readXmp(parts.join(''));
        },
      ),
      { numRuns: 500 },
    );
    const start = process.cpuUsage(); // not the clock: other work may share the machine
    for (const hostile of ['<', '<a ', '<a b="', '&', '</', '<a>', ' a="b"'])
      readXmp(`<r>${hostile.repeat(200_000)}`);
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(5_000);
  });

  it('gives back any text that was encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeEntities(encodeEntities(text))).toBe(text);
      }),
    );
    fc.assert(
      fc.property(
        fc
          .string({ unit: 'grapheme' })
          .filter((t) => t.trim() === t && t !== '' && [...t].every((c) => c >= ' ')),
        (text) => {
          const read = readXmp(
            packet(`<p:Source>${encodeEntities(text)}</p:Source>`, `p:Credit="${encodeEntities(text)}"`),
          );
          expect(xmpValues(read, XMP_NAMESPACE.photoshop, 'Source')).toEqual([text]);
          expect(xmpValues(read, XMP_NAMESPACE.photoshop, 'Credit')).toEqual([text]);
        },
      ),
    );
  });
});
