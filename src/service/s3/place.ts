/** Where an S3-compatible store is and who asks it, from an address, an option and the usual variables of the environment. */
import { HuoyanError } from '../../core/errors.ts';

/** A store and the credentials for it. */
export interface S3Access {
  /** `https://s3.example.org`, where the bucket is the first part of the path. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface S3Place extends S3Access {
  readonly bucket: string;
  /** In front of every name; empty or ending with a slash. */
  readonly prefix: string;
}

/**
 * The store that the environment names: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_REGION` or
 * `AWS_DEFAULT_REGION`, `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL`. Throws HuoyanError `bad-argument`.
 */
export function s3AccessOf(
  env: NodeJS.ProcessEnv,
  asked: { readonly endpoint?: string; readonly region?: string } = {},
): S3Access {
  const region = asked.region || env.AWS_REGION || env.AWS_DEFAULT_REGION || 'us-east-1';
  const endpoint =
    asked.endpoint || env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL || `https://s3.${region}.amazonaws.com`;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (!/^https?:\/\/[^/\s]+\/?$/.test(endpoint) || !URL.canParse(endpoint)) {
    throw new HuoyanError(
      'bad-argument',
      { en: `"${endpoint}" is no address of a store`, zh: `“${endpoint}”不是有效的对象存储地址` },
      {
        en: 'for instance https://s3.example.org, without a path',
        zh: '例如 https://s3.example.org，不带路径',
      },
    );
  }
  if (!accessKeyId || !secretAccessKey) {
    throw new HuoyanError(
      'bad-argument',
      { en: 'there are no credentials for the S3 store', zh: '缺少 S3 存储的访问凭据' },
      {
        en: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
        zh: '请设置 AWS_ACCESS_KEY_ID 与 AWS_SECRET_ACCESS_KEY',
      },
    );
  }
  return {
    ...{ endpoint: endpoint.replace(/\/$/, ''), region, accessKeyId, secretAccessKey },
    sessionToken: env.AWS_SESSION_TOKEN || undefined,
  };
}

/** The place that `s3://BUCKET/PREFIX?endpoint=https://…&region=…` names. Throws HuoyanError `bad-argument`. */
export function s3PlaceOf(address: string, env: NodeJS.ProcessEnv): S3Place {
  const url = new URL(URL.canParse(address) ? address : 'none:');
  const endpoint = url.searchParams.get('endpoint') ?? undefined;
  const region = url.searchParams.get('region') ?? undefined;
  if (url.protocol !== 's3:' || url.hostname === '') {
    throw new HuoyanError(
      'bad-argument',
      { en: `"${address}" names no store of blobs`, zh: `“${address}”不是有效的对象存储地址` },
      {
        en: 's3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION, with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY set',
        zh: 's3://桶/前缀?endpoint=https://主机&region=区域，并设置 AWS_ACCESS_KEY_ID 与 AWS_SECRET_ACCESS_KEY',
      },
    );
  }
  const path = url.pathname.replace(/^\/+|\/+$/g, '');
  return { ...s3AccessOf(env, { endpoint, region }), bucket: url.hostname, prefix: path && `${path}/` };
}
