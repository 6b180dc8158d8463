/** The words of `huoyan bench`. */
import type { Text } from '../../core/text.ts';

export const BENCH = {
  files: { en: 'files', zh: '文件' },
  reals: { en: 'real', zh: '真' },
  fakes: { en: 'fake', zh: '假' },
  sources: { en: 'sources', zh: '来源' },
  answered: { en: 'answered', zh: '已回答' },
  inconclusive: { en: 'inconclusive', zh: '无法判定' },
  notApplicable: { en: 'not applicable', zh: '不适用' },
  failed: { en: 'failed', zh: '失败' },
  auc: { en: 'AUC', zh: 'AUC' },
  averagePrecision: { en: 'average precision', zh: '平均精度' },
  equalErrorRate: { en: 'equal error rate', zh: '等错误率' },
  tprAt1: { en: 'fakes found at 1 % false alarms', zh: '误报 1 % 时检出率' },
  tprAt01: { en: 'fakes found at 0.1 % false alarms', zh: '误报 0.1 % 时检出率' },
  fixed: { en: 'balanced accuracy, fixed threshold', zh: '平衡准确率（固定阈值）' },
  fitted: {
    en: 'balanced accuracy, threshold fitted on other sources',
    zh: '平衡准确率（阈值取自其他来源）',
  },
  logLoss: { en: 'log loss as stated', zh: '对数损失（原始概率）' },
  logLossCalibrated: { en: 'log loss, calibrated on other sources', zh: '对数损失（以其他来源校准）' },
  brier: { en: 'Brier score as stated', zh: 'Brier 分数（原始概率）' },
  brierCalibrated: { en: 'Brier score, calibrated on other sources', zh: 'Brier 分数（以其他来源校准）' },
  ece: { en: 'calibration error as stated', zh: '校准误差（原始概率）' },
  eceCalibrated: { en: 'calibration error, calibrated on other sources', zh: '校准误差（以其他来源校准）' },
  overGenerators: { en: 'mean AUC over generators', zh: '各生成器 AUC 均值' },
  seen: { en: 'over seen generators', zh: '已见生成器' },
  unseen: { en: 'over unseen generators', zh: '未见生成器' },
  gap: { en: 'gap (seen minus unseen)', zh: '差距（已见减未见）' },
  tooFewReals: {
    en: 'too few real files to see one false alarm at that rate',
    zh: '真实文件过少，该误报率下连一次误报也观察不到',
  },
  itemwise: {
    en: 'a class comes from too few sources: its intervals redraw files, not sources, and are too narrow',
    zh: '某一类来源过少：区间按文件而非来源重抽，偏窄',
  },
  flips: { en: 'verdicts that flipped', zh: '结论翻转' },
} satisfies Record<string, Text>;
