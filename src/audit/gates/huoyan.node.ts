/**
 * Our own analysis as a gate. Every picture is decoded and compressed again alike before it is looked at: a service
 * gets pixels, and fakes that give themselves away by their container or their label would flatter the gate.
 */
import { version } from '../../../package.json' with { type: 'json' };
import { openEngine } from '../../evidence/analyse.node.ts';
import { encodeJpeg, readImage } from '../../media/index.node.ts';
import { type Picture, ServiceFailure } from '../recogniser.ts';

const QUALITY = 92;

export interface Gate {
  readonly name: string;
  /** All that changes scores. */
  readonly settings: string;
  /** Higher is likelier fake. */
  score(picture: Picture): Promise<number>;
  close(): Promise<void>;
}

/** The log-likelihood ratio of the whole analysis, natural logarithm. */
export async function huoyanGate(): Promise<Gate> {
  const engine = await openEngine();
  return {
    name: 'huoyan',
    settings: `${version} jpeg${QUALITY} ${engine.edition}`,
    async score(picture) {
      const { pixels } = await readImage(await picture.bytes(), picture.file);
      const arrived = await encodeJpeg(pixels, { quality: QUALITY });
      const analysis = await engine.analyseBytes(arrived, picture.file, { stability: false });
      if (analysis.outcome === 'analysed') return analysis.verdict.llr;
      const { text, hint } = analysis.error;
      throw new ServiceFailure('refused', text, hint, null, { cause: analysis.error });
    },
    close: () => engine.close(),
  };
}
