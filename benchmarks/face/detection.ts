/** Are the faces found, down to which size, and is anything else taken for one? */
import type { RgbImage } from '../../src/core/image.ts';
import { Random } from '../../src/core/random.ts';
import { FaceFinder } from '../../src/face/detect.ts';
import { centreOf } from '../../src/face/geometry.ts';
import type { FaceNetworks } from '../../src/face/networks.ts';
import { toImage, warp } from '../../src/face/sampling.ts';
import { percent, quantile, table } from './table.ts';

type Pictures = (folder: string, limit?: number) => AsyncGenerator<{ path: string; image: RgbImage }>;

/** Sets in which every picture shows at least one face. */
const WITH_FACES = [
  'faces/gallery_lfw10',
  'faces/gallery_lfw_more',
  'faces/gallery_5celeb',
  'faces/gallery_bbt_actors',
  'faces/gallery_glint_celeb',
  'images/real_dfdc_faces224',
  'images/fake_dfdc_faces224',
  'images/real_celeba178_ciagan',
  'images/real_tv_faces_png',
];

/** Sets of whole scenes with people, where only the number of faces found can be told. */
const GROUPS = [
  'images/real_dlib_groups',
  'images/real_crowds_web_cn',
  'images/real_coco_val2014_people',
  'images/real_mmpose_people',
  'images/real_camera_exif_a',
];

/** Sets whose subject is not people; every place where a face is claimed goes to stderr, to be looked at. */
const WITHOUT_FACES = [
  'images/real_camvid_dashcam_png',
  'images/real_udacity_dashcam',
  'images/real_grocery_iphone',
  'images/real_iphone8_pool',
  'images/real_places50',
  'images/real_polyu_noisy',
  'images/real_clothing_phone',
  'images/real_sun_hays80',
];

const size = (values: readonly number[]) => quantile(values, 0.5).toFixed(0);

export async function measureDetection(networks: FaceNetworks, pictures: Pictures): Promise<string> {
  const finder = new FaceFinder(networks);
  const rows: string[][] = [];
  for (const folder of [...WITH_FACES, ...GROUPS]) {
    const times: number[] = [];
    const longest: number[] = [];
    let count = 0;
    let withFace = 0;
    let faces = 0;
    let unconfirmed = 0;
    for await (const { image } of pictures(folder, 80)) {
      const started = performance.now();
      const found = await finder.find(image, { timeBudgetMs: 1e9 });
      times.push(performance.now() - started);
      longest.push(Math.max(image.width, image.height));
      count++;
      if (found.length > 0) withFace++;
      faces += found.length;
      unconfirmed += found.filter((f) => f.mesh === undefined).length;
    }
    if (count === 0) continue;
    rows.push([
      folder,
      `${count}`,
      size(longest),
      percent(withFace, count),
      (faces / count).toFixed(2),
      `${unconfirmed}`,
      `${quantile(times, 0.5).toFixed(0)} / ${quantile(times, 0.9).toFixed(0)}`,
    ]);
  }
  const head = [
    'set',
    'pictures',
    'longer side',
    'with a face',
    'faces each',
    'without mesh',
    'ms median / 90 %',
  ];
  return table(head, rows);
}

/** Faces of known size pasted on scenes of 1,600 x 1,200: which share is found at the default settings and below. */
export async function measureSmallFaces(networks: FaceNetworks, pictures: Pictures): Promise<string> {
  const finder = new FaceFinder(networks);
  const random = new Random(20);
  const scenes: RgbImage[] = [];
  for await (const { image } of pictures('images/real_places50', 8)) scenes.push(fill(image, 1600, 1200));
  if (scenes.length === 0) return 'no scenes\n';
  const sides = [16, 24, 32, 48, 96, 160];
  const settings = [48, 24];
  const hits = new Map<string, number>();
  const times = new Map<number, number[]>(settings.map((s) => [s, []]));
  let people = 0;
  for await (const { image } of pictures('faces/gallery_lfw10', 10)) {
    const [face] = await finder.find(image, { timeBudgetMs: 1e9 });
    if (!face) continue;
    people++;
    for (const side of sides) {
      const scale = side / Math.max(face.box.width, face.box.height);
      const [w, h] = [Math.round(image.width * scale), Math.round(image.height * scale)];
      const scene = random.pick(scenes);
      const [x, y] = [random.below(scene.width - w), random.below(scene.height - h)];
      const pasted = paste(scene, image, scale, x, y, w, h);
      const centre = centreOf(face.box);
      const at = { x: x + centre.x * scale, y: y + centre.y * scale };
      for (const minFacePx of settings) {
        const started = performance.now();
        const found = await finder.find(pasted, { minFacePx, timeBudgetMs: 1e9 });
        times.get(minFacePx)?.push(performance.now() - started);
        const hit = found.some((f) => {
          const c = centreOf(f.box);
          return Math.hypot(c.x - at.x, c.y - at.y) < side / 2;
        });
        const key = `${side} ${minFacePx}`;
        hits.set(key, (hits.get(key) ?? 0) + (hit ? 1 : 0));
      }
    }
  }
  const rows = settings.map((minFacePx) => [
    `${minFacePx}`,
    ...sides.map((side) => percent(hits.get(`${side} ${minFacePx}`) ?? 0, people)),
    `${quantile(times.get(minFacePx) ?? [], 0.5).toFixed(0)} ms`,
  ]);
  return table(['minFacePx', ...sides.map((s) => `${s} px`), 'time'], rows);
}

function fill(image: RgbImage, width: number, height: number): RgbImage {
  const a = Math.max(width / image.width, height / image.height);
  return toImage(
    warp(image, { a, b: 0, c: 0, d: a, tx: 0, ty: 0 }, { width, height, outside: 'edge' }),
    width,
    height,
  );
}

function paste(
  scene: RgbImage,
  image: RgbImage,
  scale: number,
  x: number,
  y: number,
  w: number,
  h: number,
): RgbImage {
  const small = warp(
    image,
    { a: scale, b: 0, c: 0, d: scale, tx: 0, ty: 0 },
    { width: w, height: h, outside: 'edge' },
  );
  const data = Uint8Array.from(scene.data);
  for (let row = 0; row < h; row++) {
    data.set(
      Uint8Array.from(small.subarray(row * w * 3, (row + 1) * w * 3), Math.round),
      ((y + row) * scene.width + x) * 3,
    );
  }
  return { width: scene.width, height: scene.height, data };
}

export async function measureFalseDetections(networks: FaceNetworks, pictures: Pictures): Promise<string> {
  const finder = new FaceFinder(networks);
  const rows: string[][] = [];
  for (const folder of WITHOUT_FACES) {
    let count = 0;
    let withMesh = 0;
    let without = 0;
    const times: number[] = [];
    for await (const { image, path } of pictures(folder, 40)) {
      const started = performance.now();
      const found = await finder.find(image, { timeBudgetMs: 1e9 });
      times.push(performance.now() - started);
      for (const f of found) {
        const where = `${f.box.x.toFixed(0)},${f.box.y.toFixed(0)} ${f.box.width.toFixed(0)}x${f.box.height.toFixed(0)}`;
        process.stderr.write(
          `${path}: ${where} score ${f.score.toFixed(2)} presence ${f.presence?.toFixed(2)}\n`,
        );
      }
      count++;
      withMesh += found.length;
      without += (await finder.find(image, { mesh: false })).length;
    }
    if (count === 0) continue;
    rows.push([
      folder,
      `${count}`,
      `${withMesh}`,
      `${without}`,
      `${quantile(times, 0.5).toFixed(0)} / ${quantile(times, 0.9).toFixed(0)}`,
    ]);
  }
  return table(['set', 'pictures', 'false faces', 'without the mesh', 'ms median / 90 %'], rows);
}
