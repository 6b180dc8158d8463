/**
 * The face room put together for Node: networks out of the installed npm packages, converted in memory when first
 * needed, run by whatever ONNX Runtime there is. Nothing is downloaded and nothing is written to disk.
 */
import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { HuoyanError } from '../core/errors.ts';
import { nodeRuntime } from '../nn/runtime.node.ts';
import type { Runtime, Session, SessionOptions } from '../nn/runtime.ts';
import type { GraphModelFiles } from './convert/graph-model.ts';
import { FaceFinder } from './detect.ts';
import { type EmbeddingName, FaceEmbedder } from './embed.ts';
import { type FaceNetworkName, type FaceNetworks, NETWORKS, networkMissing } from './networks.ts';

/** Larger than any network of this room; a file beyond it is not one of them. */
const MAX_BYTES = 64 * 2 ** 20;

export interface InstalledNetworksOptions extends SessionOptions {
  /** Folders to look in before the installed packages, each with `NAME.json` and its `.bin` files. */
  readonly folders?: readonly string[];
  /** Look in the installed npm packages as well. Default true. */
  readonly packages?: boolean;
  readonly runtime?: Runtime;
}

type Places = Pick<InstalledNetworksOptions, 'folders' | 'packages'>;

const requireHere = createRequire(import.meta.url);

/** The `models` folders of the packages that may contain a network, in the order they are tried. */
function candidateFolders(name: FaceNetworkName): string[] {
  return NETWORKS[name].packages.flatMap((packageName) =>
    [...(requireHere.resolve.paths(packageName) ?? []), join(process.cwd(), 'node_modules')].map((root) =>
      join(root, packageName, 'models'),
    ),
  );
}

/** Where the network lies on this machine, or null when no package with it is installed. */
export async function locateNetwork(name: FaceNetworkName, places: Places = {}): Promise<string | null> {
  const { folders = [], packages = true } = places;
  for (const folder of [...folders, ...(packages ? candidateFolders(name) : [])]) {
    const path = join(folder, `${NETWORKS[name].file}.json`);
    const found = await stat(path).then(
      (s) => s.isFile(),
      () => false,
    );
    if (found) return path;
  }
  return null;
}

/** Can faces be found on this machine? Looks for the packages only; converts nothing. */
export async function facesAvailable(places: Places = {}): Promise<boolean> {
  const paths = await Promise.all([locateNetwork('blazeface', places), locateNetwork('facemesh', places)]);
  return paths.every((path) => path !== null);
}

async function readBounded(path: string): Promise<Uint8Array> {
  if ((await stat(path)).size > MAX_BYTES) throw new RangeError(`${basename(path)} is too large`);
  return readFile(path);
}

/** `model.json` and the shards it names, which must lie beside it. */
async function readNetwork(path: string): Promise<GraphModelFiles> {
  const json = await readBounded(path);
  const manifest: unknown = JSON.parse(new TextDecoder().decode(json))?.weightsManifest;
  const groups = Array.isArray(manifest) ? manifest : [];
  const names = groups.flatMap((group: { paths?: unknown }) =>
    Array.isArray(group?.paths) ? group.paths : [],
  );
  const shards = await Promise.all(
    names.map((name) => readBounded(join(path, '..', basename(String(name))))),
  );
  return { json, weights: shards.length === 1 ? shards[0] : Buffer.concat(shards) };
}

async function convert(path: string): Promise<Uint8Array> {
  // Loaded only here, because the ONNX writer takes a moment that a run without faces need not pay.
  const { convertGraphModel } = await import('./convert/to-onnx.ts');
  return convertGraphModel(await readNetwork(path));
}

/** An installed network as ONNX, for whoever runs it elsewhere; null when it is not installed. */
export async function installedNetworkAsOnnx(name: FaceNetworkName): Promise<Uint8Array | null> {
  const path = await locateNetwork(name);
  return path === null ? null : convert(path);
}

/** The networks of the installed packages; each is converted and opened at most once. */
export function installedNetworks(options: InstalledNetworksOptions = {}): FaceNetworks {
  const opened = new Map<FaceNetworkName, Promise<Session>>();

  const open = async (name: FaceNetworkName): Promise<Session> => {
    const path = await locateNetwork(name, options);
    if (path === null) throw networkMissing(name);
    try {
      const bytes = await convert(path);
      const runtime = options.runtime ?? (await nodeRuntime());
      return await runtime.load(bytes, { threads: options.threads ?? 1 });
    } catch (error) {
      if (error instanceof HuoyanError) throw error;
      throw new HuoyanError(
        'corrupt',
        { en: `the face network "${name}" cannot be used`, zh: `人脸网络“${name}”无法使用` },
        { en: `reinstall the package that contains ${path}`, zh: `请重新安装包含 ${path} 的 npm 包` },
        { cause: error },
      );
    }
  };

  return {
    session(name) {
      let session = opened.get(name);
      if (!session) {
        session = open(name);
        opened.set(name, session);
        // A failure is not remembered: the package may be installed meanwhile.
        session.catch(() => opened.delete(name));
      }
      return session;
    },
  };
}

/** A face finder over the installed networks. */
export function installedFaceFinder(options: InstalledNetworksOptions = {}): FaceFinder {
  return new FaceFinder(installedNetworks(options));
}

/** An embedder over the installed networks. */
export function installedFaceEmbedder(
  name: EmbeddingName,
  options: InstalledNetworksOptions = {},
): FaceEmbedder {
  return new FaceEmbedder(installedNetworks(options), name);
}
