/** The two things that matter about an ICC profile here: what it calls itself, and whether it is sRGB. */
import { Cursor, untilZero } from './cursor.ts';

export interface ProfileFacts {
  readonly description: string;
  /** Device colour space: `RGB `, `CMYK`, `GRAY` … */
  readonly space: string;
  /** An RGB profile that calls itself sRGB (or `c2`, the tiny sRGB of a large photo site) and has sRGB's red primary: converting would only round the numbers. */
  readonly isSrgb: boolean;
}

function readTags(profile: Cursor): Map<string, { at: number; length: number }> {
  const tags = new Map<string, { at: number; length: number }>();
  const count = Math.min(profile.u32(128), 200);
  for (let i = 0; i < count; i++) {
    const at = 132 + 12 * i;
    tags.set(profile.latin1(at, 4), { at: profile.u32(at + 4), length: profile.u32(at + 8) });
  }
  return tags;
}

/** A `desc` (version 2) or `mluc` (version 4) text. */
function readText(profile: Cursor, at: number, length: number): string {
  if (profile.matches(at, 'desc')) {
    const size = Math.min(profile.u32(at + 8), length - 12, 512);
    return untilZero(profile.latin1(at + 12, Math.max(0, size)));
  }
  if (profile.matches(at, 'mluc') && profile.u32(at + 8) > 0) {
    const size = Math.min(profile.u32(at + 20), 1024) & ~1;
    return untilZero(new TextDecoder('utf-16be').decode(profile.slice(at + profile.u32(at + 24), size)));
  }
  return '';
}

/** Facts of the ICC profile `bytes`; undefined when they are none. Never throws. */
export function readProfile(bytes: Uint8Array): ProfileFacts | undefined {
  const profile = new Cursor(bytes);
  try {
    if (!profile.matches(36, 'acsp')) return undefined;
    const tags = readTags(profile);
    const named = tags.get('desc');
    const description = named ? readText(profile, named.at, named.length) : '';
    const space = profile.latin1(16, 4);
    const red = tags.get('rXYZ');
    const near = (at: number, value: number) => Math.abs(profile.i32(at) / 65536 - value) < 0.005;
    const primary =
      red !== undefined && near(red.at + 8, 0.436) && near(red.at + 12, 0.2225) && near(red.at + 16, 0.0139);
    return {
      description: description || 'unnamed',
      space,
      isSrgb: space === 'RGB ' && primary && /srgb|^c2(ci)?$/i.test(description),
    };
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}
