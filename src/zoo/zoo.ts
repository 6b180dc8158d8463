/** From a declaration to the generator it declares; one line a family. */
import type { Family, ZooDeclaration, ZooModel } from './declaration.ts';
import { attack } from './families/attack.ts';
import { autoregressive } from './families/autoregressive.ts';
import { diffusion } from './families/diffusion.ts';
import { faceSwap } from './families/face-swap.ts';
import { flow } from './families/flow.ts';
import { gan } from './families/gan.ts';
import { inpainting } from './families/inpainting.ts';
import { shallow } from './families/shallow.ts';
import { superResolution } from './families/super-resolution.ts';
import { translation } from './families/translation.ts';
import { vae } from './families/vae.ts';

const FAMILIES: { [F in Family]: (declaration: Extract<ZooDeclaration, { family: F }>) => ZooModel } = {
  shallow,
  gan,
  vae,
  diffusion,
  autoregressive,
  flow,
  translation,
  'super-resolution': superResolution,
  inpainting,
  'face-swap': faceSwap,
  attack,
};

/** The generator a declaration stands for. */
export function zooModel(declaration: ZooDeclaration): ZooModel {
  const build = FAMILIES[declaration.family] as (declaration: ZooDeclaration) => ZooModel;
  return build(declaration);
}
