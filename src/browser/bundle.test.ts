/**
 * What a page that uses the library loads, as a bundler makes it: minified JavaScript, without the WebAssembly modules and
 * networks it fetches. A Node built-in anywhere behind the entry would show here as a warning.
 */
import { fileURLToPath } from 'node:url';
import { build, type Rollup } from 'vite';
import { describe, expect, it } from 'vitest';

const entry = (name: string) => fileURLToPath(new URL(name, import.meta.url));

describe('the browser entry', () => {
  it('is below 400 kB, and reaches nothing of Node', { timeout: 120_000 }, async () => {
    const complaints: string[] = [];
    const output = (await build({
      configFile: false,
      logLevel: 'silent',
      build: {
        write: false,
        target: 'es2022',
        modulePreload: { polyfill: false },
        assetsInlineLimit: 0,
        rolldownOptions: {
          input: { index: entry('./index.ts'), report: entry('./report.ts') },
          preserveEntrySignatures: 'strict',
          onLog: (_, log) => complaints.push(log.message),
        },
      },
    })) as Rollup.RollupOutput;
    const chunks = output.output.filter((one) => one.type === 'chunk');
    const size = (...parts: string[]) =>
      chunks
        .filter(({ fileName }) => parts.some((part) => fileName.includes(part)))
        .reduce((sum, { code }) => sum + Buffer.byteLength(code), 0);
    const own = chunks.reduce((sum, { code }) => sum + Buffer.byteLength(code), 0);
    const sizes = {
      'ONNX Runtime for WebAssembly': size('ort.wasm'),
      'ONNX Runtime for WebGPU': size('ort.webgpu'),
      'EXIF and IPTC': size('full.esm'),
      'C2PA, when a file has a manifest': size('c2pa'),
      'the report, another entry': size('report'),
    };
    const library = own - Object.values(sizes).reduce((sum, bytes) => sum + bytes, 0);
    console.info({ library, ...sizes });
    // What an analysis on the processor loads, and what one on the graphics processor does.
    expect(library + sizes['EXIF and IPTC'] + sizes['ONNX Runtime for WebAssembly']).toBeLessThan(400_000);
    expect(library + sizes['EXIF and IPTC'] + sizes['ONNX Runtime for WebGPU']).toBeLessThan(400_000);
    expect(complaints.filter((message) => /externalized|node:/.test(message))).toEqual([]);
    expect(chunks.some(({ code }) => /from\s*["']node:/.test(code))).toBe(false);
  });
});
