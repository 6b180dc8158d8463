/** Sound files for tests, written here: the room itself writes none. */

/** One or more channels as 16-bit WAV. */
export function wavOf(channels: readonly Float32Array[], rate: number): Uint8Array {
  const count = channels.length;
  const frames = channels[0].length;
  const out = new Uint8Array(44 + frames * count * 2);
  const view = new DataView(out.buffer);
  const text = (at: number, value: string) => {
    for (let i = 0; i < value.length; i++) out[at + i] = value.charCodeAt(i);
  };
  text(0, 'RIFF');
  view.setUint32(4, out.length - 8, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, count, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * count * 2, true);
  view.setUint16(32, count * 2, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, frames * count * 2, true);
  for (let i = 0; i < frames; i++) {
    for (let c = 0; c < count; c++) {
      const value = Math.max(-1, Math.min(1, channels[c][i]));
      view.setInt16(44 + (i * count + c) * 2, Math.round(value * 32_767), true);
    }
  }
  return out;
}

/** One channel as AU, in one of its encodings. */
export function auOf(bytes: Uint8Array, encoding: number, rate: number): Uint8Array {
  const out = new Uint8Array(24 + bytes.length);
  const view = new DataView(out.buffer);
  [0x2e736e64, 24, bytes.length, encoding, rate, 1].forEach((value, i) => {
    view.setUint32(i * 4, value, false);
  });
  out.set(bytes, 24);
  return out;
}

/** One channel of 16-bit AIFF. */
export function aiffOf(samples: Int16Array, rate: number): Uint8Array {
  const out = new Uint8Array(54 + samples.length * 2);
  const view = new DataView(out.buffer);
  const text = (at: number, value: string) => {
    for (let i = 0; i < value.length; i++) out[at + i] = value.charCodeAt(i);
  };
  text(0, 'FORM');
  view.setUint32(4, out.length - 8, false);
  text(8, 'AIFFCOMM');
  view.setUint32(16, 18, false);
  view.setUint16(20, 1, false);
  view.setUint32(22, samples.length, false);
  view.setUint16(26, 16, false);
  const exponent = Math.floor(Math.log2(rate));
  view.setUint16(28, 16_383 + exponent, false);
  view.setUint32(30, rate * 2 ** (31 - exponent), false);
  text(38, 'SSND');
  view.setUint32(42, 8 + samples.length * 2, false);
  samples.forEach((value, i) => {
    view.setInt16(54 + i * 2, value, false);
  });
  return out;
}
