/**
 * Services that exist, as descriptions: taken from what their makers and open-source clients publish, tested against a
 * server of our own that answers in those shapes. Copy one to a file to change an address or a task.
 */
import type { HttpDescription } from '../http.ts';

/** As the maker's TypeScript SDK does it: a signed address, the upload, then asking until it is done. Scores are 0..100. */
const realityDefender: HttpDescription = {
  ...{ kind: 'http', name: 'reality-defender', base: 'https://api.prd.realitydefender.xyz' },
  secret: 'REALITY_DEFENDER_API_KEY',
  steps: [
    {
      url: '/api/files/aws-presigned',
      headers: { 'x-api-key': '{secret}' },
      json: { fileName: '{name}' },
      keep: { address: 'response.signedUrl', request: 'requestId' },
    },
    { method: 'PUT', url: '{address}', raw: true },
    {
      method: 'GET',
      url: '/api/media/users/{request}',
      headers: { 'x-api-key': '{secret}' },
      until: { at: 'resultsSummary.status', not: ['ANALYZING'], everyMs: 5000 },
    },
  ],
  answer: {
    score: 'resultsSummary.metadata.finalScore',
    divide: 100,
    word: 'resultsSummary.status',
    inconclusiveWords: ['UNABLE_TO_EVALUATE'],
    notApplicableWords: ['NOT_APPLICABLE'],
  },
  timeoutMs: 300_000,
};

/** Hive's synchronous task; the head `ai_generated` of its classes. */
const hive: HttpDescription = {
  ...{ kind: 'http', name: 'hive', base: 'https://api.thehive.ai', secret: 'HIVE_API_KEY' },
  steps: [
    {
      url: '/api/v2/task/sync',
      headers: { authorization: 'Token {secret}', accept: 'application/json' },
      form: { file: 'media' },
    },
  ],
  answer: { score: 'status.0.response.output.0.classes[class=ai_generated].score' },
};

/** Sensity's task for generated pictures: posted, then asked for by its report. */
const sensity: HttpDescription = {
  ...{ kind: 'http', name: 'sensity', base: 'https://api.sensity.ai', secret: 'SENSITY_API_TOKEN' },
  steps: [
    {
      url: '/tasks/ai_generated_image_detection',
      headers: { authorization: 'Bearer {secret}', accept: 'application/json' },
      form: { file: 'file', fields: { explain: 'false' } },
      keep: { report: 'report_id' },
    },
    {
      method: 'GET',
      url: '/tasks/ai_generated_image_detection/{report}',
      headers: { authorization: 'Bearer {secret}', accept: 'application/json' },
      until: { at: 'status', not: ['message_queued', 'in_progress'], everyMs: 3000 },
    },
  ],
  answer: { score: 'result.class_probability', word: 'result.class_name', realWords: ['real'] },
};

export const SERVICES: Readonly<Record<string, HttpDescription>> = {
  'reality-defender': realityDefender,
  hive,
  sensity,
};
