/** The words of the page that analyses on this device. */
import type { Text } from '../../../src/core/text.ts';

export const DEVICE = {
  title: { en: 'On this device', zh: '在本机鉴定' },
  lead: {
    en: 'Pictures are examined in this browser. Nothing is uploaded, and once loaded it works without a network.',
    zh: '图片在此浏览器内检验，不会上传任何内容；加载一次后，断网也能使用。',
  },
  loading: { en: 'Fetching the networks…', zh: '正在获取模型…' },
  ready: { en: 'Ready', zh: '已就绪' },
  on: {
    wasm: { en: 'computes on the processor (WebAssembly)', zh: '在处理器上计算（WebAssembly）' },
    webgpu: { en: 'computes on the graphics processor (WebGPU)', zh: '在图形处理器上计算（WebGPU）' },
  },
  offline: { en: 'stays available without a network', zh: '断网后仍可使用' },
  online: {
    en: 'needs the service at the next visit: this address is no secure context (https or this machine)',
    zh: '下次访问仍需连接服务：此地址不是安全上下文（https 或本机）',
  },
  drop: { en: 'Drop pictures here, paste them, or', zh: '将图片拖到此处、直接粘贴，或' },
  examining: { en: 'Examining', zh: '正在检验' },
  settling: { en: 'Examining how stable the answer is…', zh: '正在检验结论是否稳定…' },
  seconds: { en: 's', zh: '秒' },
  without: { en: 'What is not examined here', zh: '此处无法检验的内容' },
  withouts: [
    {
      en: 'Generators enrolled with the service, and which generator made a picture',
      zh: '在服务端登记的生成器，以及图片出自哪个生成器',
    },
    { en: 'Sound and video, and TIFF pictures', zh: '音频与视频，以及 TIFF 图片' },
    {
      en: 'Pictures with a colour profile other than sRGB are converted by the browser, which may round differently',
      zh: '带有非 sRGB 颜色配置文件的图片由浏览器转换，取整可能略有不同',
    },
    {
      en: 'Faces, where the service has no networks installed that find them',
      zh: '人脸（若服务端未安装人脸检测网络）',
    },
  ],
} as const satisfies Record<string, Text | Record<string, Text> | readonly Text[]>;
