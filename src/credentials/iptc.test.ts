import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readIptc, sourceType } from './iptc.ts';
import { readXmp, XMP_NAMESPACE } from './xmp.ts';

const embedded = (inside: string, attributes = '') => {
  const source = `<x xmlns:r="${XMP_NAMESPACE.rdf}" xmlns:I="${XMP_NAMESPACE.iptcExt}" xmlns:ps="${XMP_NAMESPACE.photoshop}"><r:Description ${attributes}>${inside}</r:Description></x>`;
  return { xmp: [{ carrier: 'jpeg:APP1:XMP', source, packet: readXmp(source) }], texts: [] };
};

describe('sourceType', () => {
  it.each([
    [
      'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia',
      'trainedAlgorithmicMedia',
      'generated',
    ],
    [
      'https://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia/',
      'trainedAlgorithmicMedia',
      'generated',
    ],
    [
      'digsrctype:compositeWithTrainedAlgorithmicMedia',
      'compositeWithTrainedAlgorithmicMedia',
      'compositeGenerated',
    ],
    ['ALGORITHMICMEDIA', 'algorithmicMedia', 'generated'],
    ['http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture', 'digitalCapture', 'captured'],
    ['computationalCapture', 'computationalCapture', 'captured'],
    ['somethingNew', 'somethingNew', 'other'],
  ])('%s', (value, code, nature) => {
    expect(sourceType(value)).toMatchObject({ code, nature });
  });

  it('takes any text', () => {
    expect(sourceType('123')).toBeUndefined();
    expect(sourceType('constructor')?.nature).toBe('other');
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => void sourceType(text)));
  });
});

describe('readIptc', () => {
  it('finds the source type as attribute, element and resource, once each', () => {
    const uri = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';
    for (const e of [
      embedded('', `I:DigitalSourceType="${uri}"`),
      embedded(
        `<I:DigitalSourceType>${uri}</I:DigitalSourceType><I:DigitalSourceType>${uri}</I:DigitalSourceType>`,
      ),
      embedded(`<I:DigitalSourceType r:resource="${uri}"/>`),
    ]) {
      expect(readIptc(e).sourceTypes).toMatchObject([
        { code: 'trainedAlgorithmicMedia', carrier: 'jpeg:APP1:XMP' },
      ]);
    }
  });

  it('reads the AI fields of 2025.1 and the credit line', () => {
    const report = readIptc(
      embedded(
        '<I:AISystemUsed>Some System</I:AISystemUsed><I:AIPromptInformation>a cow</I:AIPromptInformation>',
        'ps:Credit="An agency"',
      ),
    );
    expect(report).toMatchObject({
      aiSystem: 'Some System',
      aiPrompt: 'a cow',
      credit: 'An agency',
      sourceTypes: [],
    });
    expect(readIptc({ xmp: [], texts: [] }, { Credit: 'IIM' }).credit).toBe('IIM');
    expect(readIptc({ xmp: [], texts: [] })).toEqual({ sourceTypes: [] });
  });
});
