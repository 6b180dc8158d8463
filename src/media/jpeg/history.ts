export function estimateDoubleCompression(
  _bytes: Uint8Array,
): { probability: number; firstQuality?: number } | undefined {
  return undefined;
}
