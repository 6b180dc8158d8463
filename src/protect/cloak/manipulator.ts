/**
 * A generator of the zoo as something that manipulates a given face and can be differentiated: whatever it does to a
 * picture before its network (greys it, keeps its edges, cuts out its middle) is part of the chain.
 */
import { type Builder, type Network, network, type Value } from '../../nn/index.ts';
import type { ZooModel } from '../../zoo/declaration.ts';

/**
 * Keeps the logarithm of the gap finite, and decides who is worth the effort: of manipulators far below it, those that
 * give way soonest; far above it, each as much as any other.
 */
const SOFT = 0.02;

/** The manipulated `picture` [B, 3, S, S] in 0..1. Throws TypeError for a generator that is not given a picture. */
function manipulated(b: Builder, model: ZooModel, picture: Value): Value {
  const { spoiler, generator } = model.networks;
  const source = spoiler ? spoiler.build(b, { picture }).spoilt : picture;
  const { picture: made } = generator.build(b, { source });
  if (!made) throw new TypeError(`${model.declaration.name} makes no picture`);
  return made;
}

/** [B]: mean square difference of two pictures in 0..1, on the scale of samples in -1..1 (Ruiz et al.). */
function gapOf(b: Builder, one: Value, other: Value): Value {
  return b.mul(b.mean(b.square(b.sub(one, other)), { axes: [1, 2, 3] }), 4);
}

/** A sum over the batch that grows with the gaps [B]. */
function harm(b: Builder, gap: Value): Value {
  return b.sum(b.log(b.add(gap, SOFT)));
}

/**
 * Inputs `face` and `clean` [3, S, S] in 0..1; outputs `picture`, the manipulated face, `harm` [] done to it beside the
 * manipulated clean one, and `gradient` of that by `face`.
 */
export function manipulatorNetwork(model: ZooModel): Network {
  const { name, seed, size } = model.declaration;
  return network({
    name: `${name}-cloak`,
    seed,
    inputs: { face: [3, size, size], clean: [3, size, size] },
    build(b, { face, clean }) {
      const wanted = manipulated(b, model, clean);
      const picture = manipulated(b, model, face);
      const done = (made: Value) => harm(b, gapOf(b, made, wanted));
      return {
        picture,
        harm: done(picture),
        gradient: b.inputGradient(face, (moved) => done(manipulated(b, model, moved))),
      };
    },
  });
}
