/** Which detector is meant: one of ours, a peer rebuilt here, a baseline, a description in a file, a command, a service. */
import { type CommandDescription, commandDetector } from '../../bench/detectors/command.ts';
import type { BenchDetector, Opinion } from '../../bench/detectors/detector.ts';
import { badDescription } from '../../bench/detectors/failures.ts';
import { type HttpDescription, httpDetector, readDescription } from '../../bench/detectors/http.ts';
import { type OnnxDescription, onnxDetector } from '../../bench/detectors/onnx.ts';
import { SERVICES } from '../../bench/detectors/services/catalogue.ts';
import { formatOnly, spectrum } from '../../bench/peers/baselines.ts';
import { openMeso } from '../../bench/peers/meso-detector.ts';
import type { Analysis } from '../../core/analysis.ts';
import { openEngine } from '../../evidence/analyse.node.ts';
import { PRODUCER } from '../../report/index.ts';
import { usageError } from '../failure.ts';

export interface DetectorFlags {
  readonly detector?: string;
  readonly command?: string;
  /** Folder of published weights. */
  readonly weights?: string;
  readonly threads?: number;
}

export const NAMED = [
  'ours',
  'ours:synthesis',
  'meso4',
  'mesoinception4',
  'spectrum',
  'format-only',
] as const;

/** Opens what the flags name. Throws usage failures and HuoyanError of the detector. */
export async function openDetector(flags: DetectorFlags): Promise<BenchDetector> {
  const { detector, command, weights = '.', threads = 1 } = flags;
  if ((detector === undefined) === (command === undefined)) {
    throw usageError(
      { en: 'name one detector', zh: '请指定一个检测器' },
      {
        en: `--detector ${[...NAMED, ...Object.keys(SERVICES)].join(' | ')} | FILE.json, or --command 'program {file}'`,
        zh: `--detector ${[...NAMED, ...Object.keys(SERVICES)].join(' | ')} | 说明.json，或 --command '程序 {file}'`,
      },
    );
  }
  if (command !== undefined) return commandDetector({ kind: 'command', name: 'command', command });
  const name = detector as string;
  if (name === 'ours' || name.startsWith('ours:')) return ours(name, threads);
  if (name === 'meso4' || name === 'mesoinception4') return openMeso(name, weights);
  if (name === 'spectrum') return spectrum();
  if (name === 'format-only') return formatOnly();
  if (Object.hasOwn(SERVICES, name)) return httpDetector(SERVICES[name], name);
  const description = await readDescription(name);
  if (description.kind === 'onnx') return onnxDetector(description as OnnxDescription, name, threads);
  if (description.kind === 'http') return httpDetector(description as unknown as HttpDescription, name);
  if (description.kind === 'command') return commandDetector(description as unknown as CommandDescription);
  throw badDescription(name, { en: `kind "${description.kind}"`, zh: `kind“${description.kind}”` });
}

/** The whole verdict, or one kind of evidence: `ours:synthesis`. */
async function ours(name: string, threads: number): Promise<BenchDetector> {
  const evidence = name.split(':')[1];
  const engine = await openEngine({ threads });
  return {
    ...{
      name,
      version: PRODUCER.version,
      scale: 'logit',
      threshold: 0,
      settings: { evidence: evidence ?? 'all' },
    },
    async judge({ bytes, item }, signal) {
      const analysis = await engine.analyseBytes(bytes, item.key, { stability: false, signal });
      if (analysis.outcome === 'unreadable') {
        if (analysis.error.code === 'unsupported-format')
          return { status: 'notApplicable', reason: analysis.error.code };
        throw analysis.error;
      }
      return evidence === undefined ? verdictOf(analysis) : evidenceOf(analysis, evidence);
    },
    close: () => engine.close(),
  };
}

type Analysed = Extract<Analysis, { outcome: 'analysed' }>;

function verdictOf({ verdict }: Analysed): Opinion {
  const { label, llr } = verdict;
  if (verdict.reasons.length === 0) return { status: 'notApplicable', reason: 'no-evidence' };
  // Certainty either way has no finite log-odds.
  const score = Math.max(-50, Math.min(50, llr));
  return { status: label === 'inconclusive' ? 'inconclusive' : 'ok', score, verdict: label };
}

function evidenceOf({ evidence }: Analysed, name: string): Opinion {
  const found = evidence.find((one) => one.detector === name);
  if (!found) {
    throw usageError(
      { en: `there is no evidence "${name}"`, zh: `没有名为“${name}”的证据` },
      {
        en: `one of: ${evidence.map((one) => one.detector).join(', ')}`,
        zh: `可选：${evidence.map((one) => one.detector).join('、')}`,
      },
    );
  }
  if (found.status === 'failed') throw new Error(found.error.message);
  if (found.status === 'notApplicable') return { status: 'notApplicable', reason: found.reason };
  return { status: 'ok', score: found.llr };
}
