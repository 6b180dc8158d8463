/** The label as a property of an XMP packet: a packet of its own, or one more description in a packet that is there. */
import { type AigcLabel, aigcXmpPacket, formatLabel } from '../../credentials/aigc/label.ts';
import { encodeEntities, XMP_NAMESPACE } from '../../credentials/xmp.ts';
import { cannotCarry } from './carrier.ts';

/** `packet` with the label in it; everything else stays as it was. Throws HuoyanError for a packet that has no end. */
export function withLabelInXmp(packet: string | null, label: AigcLabel): string {
  if (packet === null) return aigcXmpPacket(label);
  const end = /<\/(\w+):RDF\s*>/.exec(packet);
  if (!end) {
    throw cannotCarry({
      en: 'the XMP packet of this file is damaged and cannot take a label',
      zh: '该文件的 XMP 数据已损坏，无法写入标识',
    });
  }
  const prefix = end[1];
  const description = [
    `<${prefix}:Description ${prefix}:about="" xmlns:TC260="${XMP_NAMESPACE.tc260}">`,
    `<TC260:AIGC>${encodeEntities(formatLabel(label))}</TC260:AIGC>`,
    `</${prefix}:Description>`,
  ].join('');
  return packet.slice(0, end.index) + description + packet.slice(end.index);
}
