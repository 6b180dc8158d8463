/** The most memory this process ever held. */
import { readFileSync } from 'node:fs';

/**
 * Bytes of resident memory at their height. Linux's `getrusage` counts what the parent held when it started this process
 * as well, which the high-water mark of `/proc` does not.
 */
export function peakMemory(): number {
  try {
    const [, kibibytes] = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? [];
    if (kibibytes) return Number(kibibytes) * 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * 1024;
}
