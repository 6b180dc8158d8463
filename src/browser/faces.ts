/** The face networks in a browser: already converted to ONNX by whoever serves them, from what is installed there. */
import { FaceFinder } from '../face/detect.ts';
import type { FaceNetworkName, FaceNetworks } from '../face/networks.ts';
import { fetchBytes } from '../nn/models.web.ts';
import type { Runtime, Session } from '../nn/runtime.ts';

/** A finder over `blazeface.onnx` and `facemesh.onnx` below `base` (ends with a slash); null where they are not served. */
export async function servedFaceFinder(base: string, runtime: Runtime): Promise<FaceFinder | null> {
  const open = async (name: FaceNetworkName): Promise<Session> =>
    runtime.load(await fetchBytes(name, `${base}${name}.onnx`), { threads: 1 });
  try {
    const [blazeface, facemesh] = await Promise.all([open('blazeface'), open('facemesh')]);
    const opened: Partial<Record<FaceNetworkName, Session>> = { blazeface, facemesh };
    const networks: FaceNetworks = {
      async session(name) {
        const session = opened[name];
        if (!session) throw new RangeError(`the network ${name} is not used in a browser`);
        return session;
      },
    };
    return new FaceFinder(networks);
  } catch {
    return null;
  }
}
