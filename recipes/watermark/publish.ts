/** Encoder and decoder into `models/`, with their cards, in the size that `learned.ts` runs them in. */
import { exportInference, type Network, type Weights } from '../../src/nn/index.ts';
import { WINDOW } from '../../src/protect/watermark/learned.ts';
import { publish } from '../synthesis/cards.ts';
import { decoderNetwork, encoderNetwork } from './network.ts';
import { learnedSets, PICTURES_OF_A_SOURCE } from './patches.ts';

/** Of what was trained together, what `net` declares. */
function own(net: Network, weights: Weights): Weights {
  return Object.fromEntries(net.parameters.map(({ name }) => [name, weights[name]]));
}

export async function publishMark(data: string, weights: Weights): Promise<void> {
  const facts = {
    recipe: 'npm run recipe:watermark',
    trainedOn: learnedSets(data).map(({ name, files, licence }) => ({
      name,
      pictures: Math.min(files.length, PICTURES_OF_A_SOURCE),
      licence,
    })),
    measured: 'docs/measured/protect.md',
  };
  for (const [net, task] of [
    [
      encoderNetwork(WINDOW),
      'How many times the strength of the rule each place of a picture takes of the mark.',
    ],
    [decoderNetwork(WINDOW), 'The mark in a flattened photograph of a screen.'],
  ] as const) {
    await publish(net, exportInference(net, own(net, weights)), { task, ...facts });
  }
}
