import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DISCRETE, type DiscreteName } from '../../core/construction.ts';
import { amount, amountRange, classWords, constructionInShort } from '../locale/trace-construction.ts';
import { constructionOf, sampleConstruction } from './samples.test-support.ts';

describe('what is said of a construction', () => {
  it('is what is known with some confidence, in both languages', () => {
    const { built, trained } = constructionInShort(sampleConstruction());
    expect(built?.en.replaceAll('\u00a0', ' ')).toBe(
      'Likely built with: batch normalisation (71 %), ReLU activations (63 %), learned up-sampling (92 %), no down-sampling (66 %), about 12 layers (6–19), about 170,000 parameters (98,000–240,000)',
    );
    expect(built?.zh).toContain(
      '可学习的上采样（92%）、无下采样（66%）、约 12 层（6–19）、约 17 万个参数（9.8–24 万）',
    );
    expect(trained?.zh).toBe('训练可能采用：对抗损失（64%）、交叉熵（61%）');
  });

  it('is nothing where nothing is clear or nothing is a number', () => {
    for (const value of [0, 0.25, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(constructionInShort(constructionOf(value))).toEqual({ built: null, trained: null });
    }
  });

  it('has words for every class', () => {
    for (const name of Object.keys(DISCRETE) as DiscreteName[]) {
      for (const word of DISCRETE[name]) {
        const { name: short, phrase } = classWords(name, word);
        for (const text of [short, phrase]) expect(text.en && text.zh).toBeTruthy();
      }
    }
  });
});

describe('an amount', () => {
  it('is written as people write it', () => {
    const both = (value: number) => [amount(value).en, amount(value).zh];
    expect(both(11.6)).toEqual(['12', '12']);
    expect(both(-3)).toEqual(['0', '0']);
    expect(both(1234)).toEqual(['1,200', '1,200']);
    expect(both(166_432)).toEqual(['170,000', '17 万']);
    expect(both(1_240_000)).toEqual(['1.2 million', '120 万']);
    expect(both(2.5e9)).toEqual(['2.5 billion', '25 亿']);
    expect(both(Number.MAX_VALUE)).toEqual(['>1,000 billion', '>10,000 亿']);
    expect(amountRange({ value: 1e6, lo: 8e5, hi: 2.1e6 })).toEqual({
      en: '800,000–2.1 million',
      zh: '80–210 万',
    });
    expect(amountRange({ value: 3e6, lo: 1.2e6, hi: 5e6 }).en).toBe('1.2–5 million');
    expect(amountRange({ value: 0, lo: 0.1, hi: 0.3 }).en).toBe('0');
  });

  it('never falls as the value grows, and is short', () => {
    const value = fc.double({ min: 0, max: 1e13, noNaN: true });
    const read = (text: string) => {
      const [digits, word] = text.replace('>', '').replaceAll(',', '').split(' ');
      return Number(digits) * (word === 'billion' ? 1e9 : word === 'million' ? 1e6 : 1);
    };
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)].map((x) => amount(x).en);
        expect(read(low)).toBeLessThanOrEqual(read(high));
        expect(high.length).toBeLessThanOrEqual('>1,000 billion'.length);
      }),
    );
  });
});
