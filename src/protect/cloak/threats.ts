/**
 * What a portrait is cloaked against, and which generators of the zoo stand for it. They are small and ours; that a
 * cloak holds against them says little about a manipulator from elsewhere, which is why every answer names them.
 */
import type { Text } from '../../core/text.ts';
import { fullCatalogue } from '../../zoo/catalogue/full.ts';
import type { ZooDeclaration } from '../../zoo/declaration.ts';

export const THREATS = ['swap', 'reenact', 'attribute', 'inpaint', 'identity'] as const;
export type Threat = (typeof THREATS)[number];
/** Those that have generators of the zoo to stand for them. */
export const MANIPULATIONS = THREATS.filter((threat) => threat !== 'identity');

export const THREAT_TEXT: Readonly<Record<Threat, Text>> = {
  swap: { en: 'face swap by auto-encoders', zh: '自编码器换脸' },
  reenact: { en: 'a face painted anew from its outlines', zh: '由轮廓重绘人脸（重演类）' },
  attribute: { en: 'colours and tones translated', zh: '颜色与色调转换（属性编辑类）' },
  inpaint: { en: 'the middle of the face made up', zh: '面部中央补绘' },
  identity: { en: 'being recognised', zh: '被人脸识别' },
};

/** The threat a generator stands for; undefined of one that does not work on faces somebody gives it. */
export function threatOf(declaration: ZooDeclaration): Exclude<Threat, 'identity'> | undefined {
  if (declaration.family === 'face-swap') return 'swap';
  if (declaration.family === 'inpainting') return 'inpaint';
  if (declaration.family === 'translation') return declaration.from === 'edges' ? 'reenact' : 'attribute';
  return undefined;
}

/** The generators of the zoo that stand for any of `threats`, in the order of the catalogue. */
export function manipulatorsOf(threats: readonly Threat[]): ZooDeclaration[] {
  return fullCatalogue().filter((declaration) => {
    const threat = threatOf(declaration);
    return threat !== undefined && threats.includes(threat);
  });
}
