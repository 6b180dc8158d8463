/** What the face-swap detector says, in words. */
import type { Text } from '../../core/text.ts';
import type { FacePart } from './parts.ts';

export const NO_FACE: Text = {
  en: 'No face was found, so there is none that could have been swapped.',
  zh: '未发现人脸，因此无从判断是否换脸。',
};

export const NO_FACE_IN_CLIP: Text = {
  en: 'No face was found at any of the moments looked at, so there is none that could have been swapped.',
  zh: '在所检视的各时刻均未发现人脸，因此无从判断是否换脸。',
};

export const TOO_SMALL: Text = {
  en: 'Every face is too small (narrower than 48 pixels) for traces of a swap to be told from compression.',
  zh: '人脸都太小（宽度不足 48 像素），无法将换脸痕迹与压缩痕迹区分开。',
};

export const NOT_INSTALLED: Text = {
  en: 'The networks that find faces are not installed (npm install @vladmandic/human), so faces were not judged.',
  zh: '未安装寻找人脸的网络（npm install @vladmandic/human），因此未对人脸作判断。',
};

export const MAP_MEANING: Text = {
  en: 'Where in the faces the network looked, as strongly as it takes each face for swapped or re-enacted',
  zh: '网络在人脸上的关注位置；颜色越强，表示越像被换脸或被驱动',
};

export const MEASURED_ON: Text = {
  en: 'Faces at least 48 pixels wide, as stored, after JPEG 75 and 50 and at half size; swaps, re-enactments and photographs of sources not used in training (docs/measured/deepfake-faces.md).',
  zh: '在宽度不小于 48 像素的人脸上测得（原样、JPEG 75 与 50、缩小一半）；所用换脸、驱动方法与照片来源均未参与训练（见 docs/measured/deepfake-faces.md）。',
};

const PARTS: Readonly<Record<FacePart, Text>> = {
  eyes: { en: 'the eyes', zh: '眼部' },
  nose: { en: 'the nose', zh: '鼻部' },
  mouth: { en: 'the mouth', zh: '口部' },
  chin: { en: 'the chin', zh: '下巴' },
  forehead: { en: 'the forehead', zh: '额头' },
  cheeks: { en: 'the cheeks', zh: '脸颊' },
  edge: { en: 'the edge of the face', zh: '脸部边缘' },
};

export const partName = (part: FacePart): Text => PARTS[part];

/** The sentence for a log-likelihood ratio; `part` is where the network looked most in the face that decides. */
export function summaryOf(llr: number, detected: boolean, faces: number, part: FacePart): Text {
  const where = PARTS[part];
  const several = faces > 1;
  if (detected) {
    return {
      en: `${several ? 'One of the faces' : 'The face'} looks swapped or re-enacted, most of all around ${where.en}.`,
      zh: `${several ? '其中一张人脸' : '这张人脸'}疑似被换脸或被驱动，以${where.zh}最为明显。`,
    };
  }
  if (llr > -0.5) {
    return {
      en: `${several ? 'The faces fit' : 'The face fits'} a photograph about as well as a swap; nothing can be told from them.`,
      zh: '人脸既可能来自照片，也可能经过换脸，无法区分。',
    };
  }
  return {
    en: `No trace of a swap was found in ${several ? 'the faces' : 'the face'}.`,
    zh: '人脸上未发现换脸痕迹。',
  };
}

/** The same for a clip; `person` is who decides. */
export function clipSummaryOf(llr: number, detected: boolean, people: number, person: number): Text {
  const who =
    people > 1 ? { en: `Person ${person}`, zh: `人物 ${person} ` } : { en: 'The person', zh: '该人物' };
  if (detected) {
    return {
      en: `${who.en} looks swapped or re-enacted through much of the time they are seen.`,
      zh: `${who.zh}在其出现的多数时间里疑似被换脸或被驱动。`,
    };
  }
  if (llr > -0.5) {
    return {
      en: 'The faces fit a recording about as well as a swap; nothing can be told from them.',
      zh: '人脸既可能来自实拍，也可能经过换脸，无法区分。',
    };
  }
  return {
    en: `No trace of a swap was found in ${people > 1 ? `the ${people} people` : 'the person'} seen.`,
    zh: '所见人物的脸上未发现换脸痕迹。',
  };
}
