/** Something enough like speech to be judged, for tests; made by code. */
import { Random } from '../random.ts';

const RATE = 16_000;

/** Syllables of a buzz through three resonances: nobody's voice, but it moves as voices do. */
export function babble(seconds: number, seed = 1, rate = RATE): Float32Array {
  const random = new Random(seed);
  const out = new Float32Array(Math.round(seconds * rate));
  let next = 0;
  let formants = [600, 1300, 2600];
  const state = formants.map(() => [0, 0]);
  for (let i = 0; i < out.length; i++) {
    const t = i / rate;
    const syllable = t * 4;
    if (syllable % 1 < 4 / rate)
      formants = [300 + random.uniform(0, 500), 900 + random.uniform(0, 1200), 2600];
    const open =
      syllable % 1 < 0.72 && Math.floor(syllable) % 7 !== 6 ? Math.sin(Math.PI * ((syllable % 1) / 0.72)) : 0;
    let x = 0.003 * random.normal();
    if (i >= next) {
      x += 1;
      next = i + rate / (120 + 20 * Math.sin(t * 3) + 2 * random.normal());
    }
    let y = 0;
    formants.forEach((hz, f) => {
      const r = Math.exp((-Math.PI * 90) / rate);
      const s = state[f];
      const v = x + 2 * r * Math.cos((2 * Math.PI * hz) / rate) * s[0] - r * r * s[1];
      s[1] = s[0];
      s[0] = v;
      y += v / (f + 1);
    });
    out[i] = 0.05 * open * y + 0.0005 * random.normal();
  }
  return out;
}
