/** Tables over judged faces: every method against the authentic faces of other sources, one line a method. */
import { CONDITIONS, type Condition, type JudgedFace } from '../../recipes/faceswap/judge.ts';
import { balancedWeights, logisticRegression } from '../../recipes/synthesis/logistic.ts';
import { bootstrap, wilson } from '../../src/bench/metrics.ts';
import { grouped } from '../../src/core/group.ts';
import { llrOf, llrOfAny } from '../../src/evidence/faceswap/calibration.ts';
import { CALIBRATION } from '../../src/evidence/faceswap/fitted.ts';
import { area, areaCell, family } from './areas.ts';

/** One file (or clip) under one condition: the mean of a clip's frames, the most suspicious face of a picture. */
interface Sample {
  readonly set: string;
  readonly role: JudgedFace['role'];
  readonly file: string;
  readonly condition: Condition;
  readonly ours: number;
  readonly meso4: number;
  readonly mesoinception4: number;
  readonly llr: number;
  readonly format: readonly number[];
}

function samplesOf(judged: readonly JudgedFace[]): Sample[] {
  return [...grouped(judged, (f) => `${f.set}|${f.file.split('#')[0]}|${f.condition}`).values()].map(
    (faces) => {
      const [{ set, role, condition, format }] = faces;
      const clip = set.startsWith('video_');
      const pool = (values: readonly number[]) =>
        clip ? values.reduce((a, b) => a + b, 0) / values.length : Math.max(...values);
      const llrs = faces.map(({ logit }) => llrOf(logit, CALIBRATION));
      return {
        ...{ set, role, condition, format, file: faces[0].file.split('#')[0] },
        ours: pool(faces.map((f) => f.logit)),
        meso4: pool(faces.map((f) => f.meso4)),
        mesoinception4: pool(faces.map((f) => f.mesoinception4)),
        llr: clip ? llrs.reduce((a, b) => a + b, 0) / llrs.length : llrOfAny(llrs),
      };
    },
  );
}

/** What bytes for each pixel, size and format alone would say of each sample, its own set left out of the fit. */
function formatOnly(samples: readonly Sample[]): Map<Sample, number> {
  const stored = samples.filter(
    (s) => s.condition === 'stored' && s.role !== 'generated' && family(s.set) !== 'clips',
  );
  const label = (s: Sample) => (s.role === 'real' ? 'real' : 'fake');
  const scores = new Map<Sample, number>();
  for (const set of new Set(samples.map((s) => s.set))) {
    // DFDC's fakes and originals are one source.
    const others = stored.filter(
      (s) => s.set !== set && !(family(set) === 'dfdc' && family(s.set) === 'dfdc'),
    );
    const row = ({ format: [density, side, png] }: Sample) => [
      Math.log(density + 0.01),
      Math.log(side + 1),
      png,
      1,
    ];
    const weights = logisticRegression(
      others.map(row),
      others.map((s) => label(s) === 'fake'),
      balancedWeights(others.map((s) => ({ set: s.set, label: label(s) }))),
    );
    for (const s of samples.filter((x) => x.set === set))
      scores.set(
        s,
        row(s).reduce((sum, v, i) => sum + v * weights[i], 0),
      );
  }
  return scores;
}

export function methodTables(judged: readonly JudgedFace[]): string {
  const samples = samplesOf(judged);
  const format = formatOnly(samples);
  const lines: string[] = [
    '## Methods not trained on',
    '',
    'AUC against authentic faces of sources not trained on (DFDC: of originals not trained on); 95 % interval over files.',
    '',
    `| method | kind | n | real | ${CONDITIONS.join(' | ')} | Meso4 | MesoInception4 | format only |`,
    `| --- | --- | --- | --- |${CONDITIONS.map(() => ' --- |').join('')} --- | --- | --- |`,
  ];
  const sums = new Map<string, Map<Condition, number[]>>();
  const peers = new Map<string, { meso4: number[]; inception: number[] }>();
  const methods = [...new Set(samples.filter((s) => s.role !== 'real').map((s) => s.set))].sort();
  for (const set of methods) {
    const of = (condition: Condition) => ({
      fakes: samples.filter((s) => s.set === set && s.condition === condition),
      reals: samples.filter(
        (s) => s.role === 'real' && family(s.set) === family(set) && s.condition === condition,
      ),
    });
    const { fakes, reals } = of('stored');
    const [{ role }] = fakes;
    const cells = CONDITIONS.map((condition) => {
      const pair = of(condition);
      const [f, r] = [pair.fakes.map((s) => s.ours), pair.reals.map((s) => s.ours)];
      const perRole = sums.get(role) ?? new Map<Condition, number[]>();
      sums.set(role, perRole.set(condition, [...(perRole.get(condition) ?? []), area(f, r)]));
      return areaCell(f, r, condition === 'stored' || condition === 'jpeg75');
    });
    const against = (key: 'meso4' | 'mesoinception4') =>
      area(
        fakes.map((s) => s[key]),
        reals.map((s) => s[key]),
      );
    const [meso4, inception] = [against('meso4'), against('mesoinception4')];
    const known = peers.get(role) ?? { meso4: [], inception: [] };
    peers.set(role, { meso4: [...known.meso4, meso4], inception: [...known.inception, inception] });
    const only =
      family(set) === 'clips'
        ? '–'
        : area(
            fakes.map((s) => format.get(s) ?? 0),
            reals.map((s) => format.get(s) ?? 0),
          ).toFixed(2);
    lines.push(
      `| ${set} | ${role} | ${fakes.length} | ${reals.length} | ${cells.join(' | ')} | ${meso4.toFixed(2)} | ${inception.toFixed(2)} | ${only} |`,
    );
  }
  const mean = (values: readonly number[]) => {
    const known = values.filter(Number.isFinite);
    return known.reduce((a, b) => a + b, 0) / Math.max(1, known.length);
  };
  for (const [role, perRole] of sums) {
    const known = peers.get(role);
    const cells = CONDITIONS.map((condition) => `**${mean(perRole.get(condition) ?? []).toFixed(2)}**`);
    lines.push(
      `| mean over methods | ${role} | | | ${cells.join(' | ')} | ${mean(known?.meso4 ?? []).toFixed(2)} | ${mean(known?.inception ?? []).toFixed(2)} | |`,
    );
  }
  lines.push('', ...dfdcLines(samples));
  return lines.join('\n');
}

/** Log loss of the calibrated probability at even odds, beside that of always saying one half. */
function dfdcLines(samples: readonly Sample[]): string[] {
  const own = samples.filter((s) => family(s.set) === 'dfdc' && s.condition === 'stored');
  const loss = (rows: readonly Sample[]) => {
    const one = (s: Sample) => Math.log(1 + Math.exp(s.role === 'real' ? s.llr : -s.llr));
    const side = (fake: boolean) => {
      const part = rows.filter((s) => (s.role !== 'real') === fake);
      return part.reduce((sum, s) => sum + one(s), 0) / Math.max(1, part.length);
    };
    return (side(true) + side(false)) / 2;
  };
  const [low, high] = bootstrap(own, loss, { rounds: 300 });
  return [
    `DFDC, one frame a clip, ${own.length} faces of originals not trained on: log loss ${loss(own).toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)}); always saying one half 0.693; the challenge winner, on other and whole clips, 0.428.`,
    '',
  ];
}

export function falseAlarmTable(judged: readonly JudgedFace[]): string {
  const real = samplesOf(judged).filter((s) => s.role === 'real');
  const lines = [
    '## False alarms on authentic faces of sources not trained on',
    '',
    `Called swapped (log-likelihood ratio at least ${CALIBRATION.detectFrom}), with 95 % interval (Wilson).`,
    '',
    '| source | files | as stored | jpeg75 | jpeg50 | half |',
    '| --- | --- | --- | --- | --- | --- |',
  ];
  const rate = (rows: readonly Sample[]) => {
    const alarms = rows.filter((s) => s.llr >= CALIBRATION.detectFrom).length;
    const [low, high] = wilson(alarms, rows.length);
    return `${alarms}/${rows.length} (${(100 * low).toFixed(0)}–${(100 * high).toFixed(0)} %)`;
  };
  for (const [set, rows] of grouped(real, (s) => s.set)) {
    const cells = CONDITIONS.map((condition) => rate(rows.filter((s) => s.condition === condition)));
    lines.push(`| ${set} | ${new Set(rows.map((s) => s.file)).size} | ${cells.join(' | ')} |`);
  }
  const cells = CONDITIONS.map((condition) => rate(real.filter((s) => s.condition === condition)));
  lines.push(`| **all** | ${new Set(real.map((s) => s.set + s.file)).size} | ${cells.join(' | ')} |`, '');
  return lines.join('\n');
}
