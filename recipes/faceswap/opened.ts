/** Networks that have no card yet, under the names by which the evidence asks for them. */
import { readFileSync } from 'node:fs';
import { MODEL, TEXTURE_MODEL } from '../../src/evidence/faceswap/score.ts';
import type { Models } from '../../src/nn/models.ts';
import { nodeRuntime } from '../../src/nn/runtime.node.ts';
import type { Session } from '../../src/nn/runtime.ts';

/** Opens the two networks of the face-swap evidence, for `scoreFaces` and `scoreViews`. */
export async function openNetworks(attentive: string, texture: string): Promise<Models> {
  const runtime = await nodeRuntime();
  const open = new Map<string, Session>([
    [MODEL, await runtime.load(readFileSync(attentive))],
    [TEXTURE_MODEL, await runtime.load(readFileSync(texture))],
  ]);
  return {
    session: async (name) => {
      const session = open.get(name);
      if (!session) throw new RangeError(`no network ${name} among those opened`);
      return session;
    },
    card: async (name) => {
      throw new RangeError(`${name} has no card yet`);
    },
    async close() {
      for (const session of open.values()) await session.release();
    },
  };
}
