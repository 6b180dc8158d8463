/** Methods left out of training, one line each: the fold that never saw it beside self-blends alone, which saw no fake. */
import { FOLD_CONDITIONS, type FoldScore, SELF_BLENDS_ALONE } from '../../recipes/faceswap/folds.ts';
import { grouped } from '../../src/core/group.ts';
import { area, areaCell, family } from './areas.ts';

interface Sample {
  readonly set: string;
  readonly real: boolean;
  readonly score: number;
}

/** A file by the mean of its frames or faces; frames of clips are kept under one name. */
function samplesOf(scores: readonly FoldScore[]): Sample[] {
  return [...grouped(scores, ({ set, file }) => `${set}|${file}`).values()].map((faces) => ({
    set: faces[0].set,
    real: faces[0].role === 'real',
    score: faces.reduce((sum, { logit }) => sum + logit, 0) / faces.length,
  }));
}

/** Of what one fold said under one condition, fakes of `set` and the authentic files they are held against. */
function against(samples: readonly Sample[], set: string): { fakes: number[]; reals: number[] } {
  return {
    fakes: samples.filter((s) => s.set === set).map((s) => s.score),
    reals: samples.filter((s) => s.real && family(s.set) === family(set)).map((s) => s.score),
  };
}

export function leftOutTable(scores: readonly FoldScore[]): string {
  const byFold = new Map(
    [...grouped(scores, ({ fold, condition }) => `${fold}|${condition}`)].map(
      ([key, list]) => [key, samplesOf(list)] as const,
    ),
  );
  const folds = [...new Set(scores.map(({ fold }) => fold))].filter((fold) => fold !== SELF_BLENDS_ALONE);
  const columns = [SELF_BLENDS_ALONE, 'left out'].flatMap((who) =>
    FOLD_CONDITIONS.map((condition) => `${who.replaceAll('-', ' ')}, ${condition}`),
  );
  const lines = [
    '## One method left out at a time',
    '',
    'AUC against authentic faces of sources not trained on; 95 % interval over files. Of methods that no fold learns from, the mean over folds.',
    '',
    `| method | kind | n | real | ${columns.join(' | ')} |`,
    `| --- | --- | --- | --- |${columns.map(() => ' --- |').join('')}`,
  ];
  const means = columns.map((): number[] => []);
  const asked = grouped(
    scores.filter(({ role, fold }) => role !== 'real' && fold !== SELF_BLENDS_ALONE),
    ({ set }) => set,
  );
  for (const [set, rows] of [...asked].sort(([a], [b]) => a.localeCompare(b))) {
    const own = folds.filter((fold) => rows.some((row) => row.fold === fold));
    const stored = against(byFold.get(`${own[0]}|stored`) ?? [], set);
    const cells = [[SELF_BLENDS_ALONE], own].flatMap((who, w) =>
      FOLD_CONDITIONS.map((condition, c) => {
        const pairs = who.map((fold) => against(byFold.get(`${fold}|${condition}`) ?? [], set));
        const value = pairs.reduce((sum, { fakes, reals }) => sum + area(fakes, reals), 0) / pairs.length;
        means[w * FOLD_CONDITIONS.length + c].push(value);
        const [{ fakes, reals }] = pairs;
        return pairs.length === 1 ? areaCell(fakes, reals, condition === 'stored') : value.toFixed(2);
      }),
    );
    lines.push(
      `| ${set} | ${rows[0].role} | ${stored.fakes.length} | ${stored.reals.length} | ${cells.join(' | ')} |`,
    );
  }
  const mean = (values: readonly number[]) => {
    const known = values.filter(Number.isFinite);
    return known.reduce((a, b) => a + b, 0) / Math.max(1, known.length);
  };
  lines.push(`| mean | | | | ${means.map((values) => `**${mean(values).toFixed(2)}**`).join(' | ')} |`, '');
  return lines.join('\n');
}
