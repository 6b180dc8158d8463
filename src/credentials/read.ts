/**
 * Everything this room can read from one file in one call: C2PA, the GB 45438 label, IPTC, generators' traces, the
 * camera's story. The door for detectors and reports.
 */
import type { ImageMedia } from '../core/media.ts';
import { type AigcReport, readAigc } from './aigc/read.ts';
import { findManifest } from './c2pa/presence.ts';
import { type C2paEngine, type C2paReport, readC2pa } from './c2pa/report.ts';
import { type CameraReport, readCamera } from './camera.ts';
import { embeddedTexts } from './embedded.ts';
import { readGenerators } from './generators/read.ts';
import { readStealth } from './generators/stealth.ts';
import type { GeneratorTrace } from './generators/trace.ts';
import { type IptcReport, readIptc } from './iptc.ts';

export interface Credentials {
  readonly c2pa: C2paReport;
  readonly aigc: AigcReport;
  readonly iptc: IptcReport;
  /** Strongest first. */
  readonly generators: readonly GeneratorTrace[];
  readonly camera: CameraReport;
}

/** Reads all credentials. Without an engine, a C2PA manifest is found but not examined.
 * Never rejects. */
export async function readCredentials(media: ImageMedia, engine?: C2paEngine): Promise<Credentials> {
  const { bytes, container } = media;
  const hidden = await readStealth(bytes, container);
  const embedded = embeddedTexts(container, hidden);
  return {
    c2pa: await readC2pa(bytes, container.mime, findManifest(bytes, container, embedded), engine),
    aigc: readAigc(embedded),
    iptc: readIptc(embedded, container.iptc),
    generators: readGenerators(embedded, bytes, container),
    camera: readCamera(container, embedded, bytes),
  };
}
