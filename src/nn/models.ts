import type { ModelCard } from '../core/card.ts';
import type { Session } from './runtime.ts';

/** Where networks come from: opened once, kept warm, checked against their card. Injected, so that detectors run anywhere. */
export interface Models {
  /** The network `models/NAME.onnx`. Throws HuoyanError `model-missing` when it is absent or its sha256 is wrong. */
  session(name: string): Promise<Session>;
  card(name: string): Promise<ModelCard>;
  /** Releases every open session. */
  close(): Promise<void>;
}
