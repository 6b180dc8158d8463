/**
 * Nearest neighbours in memory: rows live in cells, each around a centre (an inverted file, Jegou, Douze and Schmid 2011).
 * A new row joins the cell of its nearest centre, and a cell that has grown too large is split in two where it is, in
 * about a millisecond; so the structure follows its data from the first row to millions without ever being trained or
 * rebuilt, and adding never stops for seconds (after SPFresh, arXiv 2410.14452).
 *
 * A search visits cells from the nearest centre outwards and ends when no cell left can hold anything better (every cell
 * knows the angle of its farthest row, and angles obey the triangle inequality) or when it has compared as many numbers
 * as `effort` allows. Below that many the answer is exact; above, whatever the bound did not prove is a matter of recall,
 * which `npm run bench:index` measures.
 */
import { Best } from './best.ts';
import { BLOCK, ONE, Rows } from './rows.ts';

/** A cell with more rows is split. */
const SPLIT_ABOVE = 512;
/** Cells around a new centre that are looked through for rows nearer to it. */
const AROUND = 16;
/** Rounds of 2-means in a split. */
const ROUNDS = 6;
/** A split that leaves a side with less than this share is made at the median instead. */
const LEAST_SHARE = 1 / 8;
/** Rounding of both vectors to 16 bits moves a score by less than this. */
const SLACK = 4e-4 * ONE;

interface Cell {
  /** Blocks of rows, all full but the last. */
  readonly blocks: number[];
  count: number;
  /** The lowest score of a row with the centre, which bounds the cell. */
  least: number;
}

/** What a file must keep beside the bytes of rows, serials and centres. */
export interface CellsState {
  readonly dimensions: number;
  readonly blocks: number;
  readonly cells: readonly {
    readonly blocks: readonly number[];
    readonly count: number;
    readonly least: number;
  }[];
}

export class Cells {
  readonly #rows: Rows;
  readonly #centres: Rows;
  #cells: Cell[] = [];
  /** Of every place (block * BLOCK + offset) the serial of the row in it. */
  #serials = new Uint32Array(0);
  /** Of every serial its place + 1, or 0. */
  #places = new Uint32Array(0);
  /** Of every block the cell it belongs to. */
  #owner: number[] = [];
  #free: number[] = [];
  #count = 0;

  constructor(readonly dimensions: number) {
    this.#rows = new Rows(dimensions);
    this.#centres = new Rows(dimensions);
  }

  get count(): number {
    return this.#count;
  }

  get cells(): number {
    return this.#cells.length;
  }

  has(serial: number): boolean {
    return serial < this.#places.length && this.#places[serial] !== 0;
  }

  /** True while `more` rows fit into WebAssembly's four gigabytes, half-empty blocks counted in. */
  hasRoomFor(more: number): boolean {
    return 1.25 * (this.#count + more) + BLOCK < this.#rows.limit;
  }

  /** Adds a unit vector under a serial of its own (0 .. 2^32 - 2). */
  add(serial: number, vector: Float32Array): void {
    const row = this.#rows.quantised(vector);
    if (this.#cells.length === 0) this.#newCell(row);
    const [cell, score] = this.#nearestCell(row);
    this.#append(cell, serial, row, score);
    this.#count++;
    if (this.#cells[cell].count > SPLIT_ABOVE) this.#split(cell);
  }

  /** Removes a row; false if there is none of that serial. */
  delete(serial: number): boolean {
    if (!this.has(serial)) return false;
    this.#remove(this.#places[serial] - 1);
    this.#places[serial] = 0;
    this.#count--;
    return true;
  }

  /** Empties a place: the last row of its cell moves there. The serial that was there keeps its old entry. */
  #remove(place: number): void {
    const cell = this.#cells[this.#owner[Math.floor(place / BLOCK)]];
    cell.count--;
    const last = placeOf(cell, cell.count);
    this.#rows.copyRow(last, place);
    this.#serials[place] = this.#serials[last];
    this.#places[this.#serials[place]] = place + 1;
    if (cell.count % BLOCK === 0) this.#free.push(cell.blocks.pop() as number);
  }

  /**
   * Serials of the (at most `k`) rows most similar to a unit vector, best first, comparing at most about `effort`
   * numbers (rows times dimensions; Infinity for a search that is exact but for rounding, 5e-5 of similarity).
   */
  search(vector: Float32Array, k: number, minSimilarity: number, effort: number): number[] {
    const query = this.#rows.quantised(vector);
    this.#rows.setQuery(query);
    const best = new Best(k, minSimilarity * ONE - SLACK);
    let rowsLeft = effort / this.#rows.stride;
    for (const key of this.#nearestFirst(query)) {
      const index = cellOf(key);
      const cell = this.#cells[index];
      if (cell.count === 0 || bound(scoreOf(key), cell.least) < best.floor) continue;
      if (rowsLeft <= 0) break;
      rowsLeft -= cell.count;
      for (let i = 0; i < cell.blocks.length; i++) {
        const first = cell.blocks[i] * BLOCK;
        const n = Math.min(BLOCK, cell.count - i * BLOCK);
        const scores = this.#rows.scores(first, n);
        for (let j = 0; j < n; j++) if (scores[j] > best.floor) best.offer(scores[j], first + j);
      }
    }
    return best.keys().map((place) => this.#serials[place]);
  }

  state(): CellsState {
    return { dimensions: this.dimensions, blocks: this.#owner.length, cells: this.#cells };
  }

  /** The memory behind `state`, in the order in which a file keeps it; valid until the next change. */
  parts(): Uint8Array[] {
    const places = this.#owner.length * BLOCK;
    return [
      this.#centres.bytes(this.#cells.length),
      new Uint8Array(this.#serials.buffer, 0, 4 * places),
      this.#rows.bytes(places),
    ];
  }

  /** Cells of that state whose memory is still to be filled: the caller fills `parts()`, then calls `adopt`. */
  static shaped(state: CellsState): Cells {
    const cells = new Cells(state.dimensions);
    cells.#cells = state.cells.map((cell) => ({ ...cell, blocks: [...cell.blocks] }));
    cells.#owner = new Array(state.blocks).fill(-1);
    for (const [index, cell] of cells.#cells.entries()) {
      for (const block of cell.blocks) cells.#owner[block] = index;
    }
    cells.#free = [...cells.#owner.keys()].filter((block) => cells.#owner[block] === -1);
    cells.#reserveBlocks(state.blocks);
    cells.#centres.reserve(cells.#cells.length);
    return cells;
  }

  /** After `shaped` and filling: finds every serial's place. */
  adopt(): void {
    for (const cell of this.#cells) {
      this.#places = withRoom(this.#places, this.#greatestSerial(cell) + 1);
      this.#eachPlace(cell, (place) => {
        this.#places[this.#serials[place]] = place + 1;
      });
      this.#count += cell.count;
    }
  }

  #greatestSerial(cell: Cell): number {
    let greatest = 0;
    this.#eachPlace(cell, (place) => {
      greatest = Math.max(greatest, this.#serials[place]);
    });
    return greatest;
  }

  /** Cells as keys (see `cellOf`, `scoreOf`) in order of falling score of their centres with the query. */
  #nearestFirst(query: Int16Array): Float64Array {
    const keys = new Float64Array(this.#cells.length);
    this.#centres.setQuery(query);
    for (let first = 0; first < keys.length; first += BLOCK) {
      const n = Math.min(BLOCK, keys.length - first);
      const scores = this.#centres.scores(first, n);
      for (let i = 0; i < n; i++) keys[first + i] = -scores[i] * CELLS + first + i;
    }
    return keys.sort();
  }

  #nearestCell(row: Int16Array): [cell: number, score: number] {
    let cell = 0;
    let highest = Number.NEGATIVE_INFINITY;
    this.#centres.setQuery(row);
    for (let first = 0; first < this.#cells.length; first += BLOCK) {
      const n = Math.min(BLOCK, this.#cells.length - first);
      const scores = this.#centres.scores(first, n);
      for (let i = 0; i < n; i++) {
        if (scores[i] > highest) {
          highest = scores[i];
          cell = first + i;
        }
      }
    }
    return [cell, highest];
  }

  #newCell(centre: Int16Array): number {
    const index = this.#cells.push({ blocks: [], count: 0, least: ONE }) - 1;
    this.#centres.reserve(this.#cells.length);
    this.#centres.row(index).set(centre);
    return index;
  }

  #append(index: number, serial: number, row: Int16Array, score: number): void {
    const cell = this.#cells[index];
    const offset = cell.count % BLOCK;
    if (offset === 0) cell.blocks.push(this.#takeBlock(index));
    const place = cell.blocks[cell.blocks.length - 1] * BLOCK + offset;
    this.#rows.row(place).set(row);
    this.#serials[place] = serial;
    this.#places = withRoom(this.#places, serial + 1);
    this.#places[serial] = place + 1;
    cell.count++;
    cell.least = Math.min(cell.least, score);
  }

  #takeBlock(cell: number): number {
    const block = this.#free.pop() ?? this.#owner.length;
    this.#owner[block] = cell;
    this.#reserveBlocks(this.#owner.length);
    return block;
  }

  #reserveBlocks(blocks: number): void {
    this.#rows.reserve(blocks * BLOCK);
    this.#serials = withRoom(this.#serials, blocks * BLOCK);
  }

  #eachPlace(cell: Cell, visit: (place: number) => void): void {
    for (let i = 0; i < cell.count; i++) visit(placeOf(cell, i));
  }

  /** The scores of a cell's rows, in order, with any row as the query. */
  #scoresWith(cell: Cell, query: Int16Array): Int32Array {
    const scores = new Int32Array(cell.count);
    this.#rows.setQuery(query);
    for (let i = 0; i < cell.blocks.length; i++) {
      const n = Math.min(BLOCK, cell.count - i * BLOCK);
      scores.set(this.#rows.scores(cell.blocks[i] * BLOCK, n).subarray(0, n), i * BLOCK);
    }
    return scores;
  }

  #split(index: number): void {
    const cell = this.#cells[index];
    const rows: Int16Array[] = [];
    const serials: number[] = [];
    this.#eachPlace(cell, (place) => {
      rows.push(this.#rows.row(place).slice());
      serials.push(this.#serials[place]);
    });
    const isSecond = this.#halves(cell, rows);
    this.#free.push(...cell.blocks.splice(0));
    cell.count = 0;
    cell.least = ONE;
    const centres = [false, true].map((side) => this.#mean(rows.filter((_, i) => isSecond[i] === side)));
    this.#centres.row(index).set(centres[0]);
    const second = this.#newCell(centres[1]);
    for (const [i, row] of rows.entries()) {
      const side = isSecond[i] ? 1 : 0;
      this.#append(side ? second : index, serials[i], row, this.#rows.score(row, centres[side]));
    }
    this.#attract(index);
    this.#attract(second);
  }

  /** Rows of the cells around a new centre that lie nearer to it than to their own move in. */
  #attract(index: number): void {
    const centre = this.#centres.row(index).slice();
    for (const key of this.#nearestFirst(centre).slice(0, AROUND + 1)) {
      const neighbour = this.#cells[cellOf(key)];
      if (neighbour === this.#cells[index]) continue;
      const withOwn = this.#scoresWith(neighbour, this.#centres.row(cellOf(key)));
      const withNew = this.#scoresWith(neighbour, centre);
      neighbour.least = ONE;
      // From the end, because the last row takes the place of one that leaves.
      for (let i = neighbour.count - 1; i >= 0; i--) {
        if (withNew[i] <= withOwn[i]) {
          neighbour.least = Math.min(neighbour.least, withOwn[i]);
          continue;
        }
        const place = placeOf(neighbour, i);
        const serial = this.#serials[place];
        const row = this.#rows.row(place).slice();
        this.#remove(place);
        this.#append(index, serial, row, withNew[i]);
      }
    }
  }

  /** Which rows of a cell go to the second half: 2-means begun from two rows far apart. */
  #halves(cell: Cell, rows: readonly Int16Array[]): boolean[] {
    const farthestFrom = (row: Int16Array) => {
      const scores = this.#scoresWith(cell, row);
      return rows[scores.reduce((worst, s, i) => (s < scores[worst] ? i : worst), 0)];
    };
    let a = farthestFrom(this.#mean(rows));
    let b = farthestFrom(a);
    let isSecond: boolean[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const withA = this.#scoresWith(cell, a);
      const withB = this.#scoresWith(cell, b);
      isSecond = rows.map((_, i) => withB[i] > withA[i]);
      const share = isSecond.filter(Boolean).length / rows.length;
      if (Math.min(share, 1 - share) < LEAST_SHARE) {
        const order = [...rows.keys()].sort((i, j) => withA[i] - withB[i] - (withA[j] - withB[j]));
        for (const [rank, i] of order.entries()) isSecond[i] = rank < rows.length / 2;
      }
      a = this.#mean(rows.filter((_, i) => !isSecond[i]));
      b = this.#mean(rows.filter((_, i) => isSecond[i]));
    }
    return isSecond;
  }

  /** The mean direction of rows; their first if they cancel out. */
  #mean(rows: readonly Int16Array[]): Int16Array {
    const sum = new Float32Array(this.#rows.stride);
    for (const row of rows) for (let i = 0; i < sum.length; i++) sum[i] += row[i];
    const norm = Math.hypot(...sum);
    if (norm === 0) return rows[0];
    return this.#rows.quantised(sum.map((x) => x / norm));
  }
}

/** More cells than four gigabytes can hold; score * CELLS + cell is exact in a 64-bit float. */
const CELLS = 2 ** 22;
const cellOf = (key: number) => ((key % CELLS) + CELLS) % CELLS;
const scoreOf = (key: number) => -Math.floor(key / CELLS);

/** Where the `i`th row of a cell lies. */
const placeOf = (cell: Cell, i: number) => cell.blocks[Math.floor(i / BLOCK)] * BLOCK + (i % BLOCK);

const angle = (score: number) => Math.acos(Math.min(1, Math.max(-1, score / ONE)));

/** The highest score a row can have with the query, if its centre has `score` with it and the cell's farthest row `least`. */
function bound(score: number, least: number): number {
  return ONE * Math.cos(Math.max(0, angle(score) - angle(least))) + SLACK;
}

/** The same array, or one at least a quarter longer with the same beginning. */
function withRoom(array: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  if (length <= array.length) return array;
  const longer = new Uint32Array(Math.max(length, Math.ceil(1.25 * array.length), 1024));
  longer.set(array);
  return longer;
}
