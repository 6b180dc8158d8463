/**
 * Fakes of everybody in a gallery, from the gallery itself: each person's face on photos of others. Sources are photos
 * that an audit does not enrol (the last in its order), because an attacker does not have the bank's own picture.
 */
import type { AuditProblem } from '../../core/audit.ts';
import { asHuoyanError } from '../../core/errors.ts';
import type { RgbImage } from '../../core/image.ts';
import { Random } from '../../core/random.ts';
import type { FaceFinder } from '../../face/detect.ts';
import { blur, readImage, shrinkTo } from '../../media/index.node.ts';
import type { Picture } from '../recogniser.ts';
import type { Gallery, Person } from './gallery.node.ts';
import { type ImpersonationMethod, impersonate, type Portrait, usable } from './impersonation.ts';

/** Longer side of a fake at most. */
const LONGEST = 1024;
/** Photos that are tried before a person is left out. */
const ATTEMPTS = 4;

export interface Made {
  readonly person: string;
  /** Whose photo it was put on. */
  readonly base: string;
  readonly method: ImpersonationMethod;
  readonly index: number;
  readonly image: RgbImage;
}

export interface MakeOptions {
  /** Of each person and method. */
  readonly count: number;
  readonly methods: readonly ImpersonationMethod[];
  readonly seed: number;
  readonly problems: AuditProblem[];
}

/** One fake after the other. People without a usable face are a problem. */
export async function* makeImpersonations(
  { people }: Gallery,
  finder: FaceFinder,
  { count, methods, seed, problems }: MakeOptions,
): AsyncGenerator<Made> {
  const random = new Random(seed);
  const portraitOf = async (picture: Picture): Promise<Portrait | null> => {
    try {
      const { pixels } = await readImage(await picture.bytes(), picture.file);
      const image = await shrinkTo(pixels, LONGEST);
      const [face] = await finder.find(image, { maxFaces: 1 });
      return face && usable(face) ? { image, face } : null;
    } catch (thrown) {
      problems.push({ file: picture.file, error: asHuoyanError(thrown) });
      return null;
    }
  };
  /** The first usable of a few photos. */
  const anyOf = async (photos: readonly Picture[]): Promise<Portrait | null> => {
    for (const photo of photos.slice(0, ATTEMPTS)) {
      const portrait = await portraitOf(photo);
      if (portrait) return portrait;
    }
    return null;
  };
  for (const person of people) {
    const others = people.filter((other) => other !== person);
    for (let index = 1; index <= count; index++) {
      const source = await anyOf(turned([...person.photos].reverse(), index - 1));
      const other: Person | undefined = others.length > 0 ? random.pick(others) : undefined;
      const base = other ? await anyOf(random.shuffle([...other.photos])) : null;
      if (!source || !base || !other) continue;
      for (const method of methods) {
        const image = await impersonate(base, source, method, random, blur);
        yield { person: person.name, base: other.name, method, index, image };
      }
    }
  }
}

function turned<T>(items: readonly T[], by: number): T[] {
  const at = items.length > 0 ? by % items.length : 0;
  return [...items.slice(at), ...items.slice(0, at)];
}
