/** The five numbers that say how well many generators do. */

/** Smallest, quartiles and largest, by linear interpolation; NaN of nothing. */
export function quartiles(values: readonly number[]): [number, number, number, number, number] {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const [below, above] = [Math.floor(place), Math.ceil(place)];
    return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
  };
  return [0, 0.25, 0.5, 0.75, 1].map(at) as [number, number, number, number, number];
}
