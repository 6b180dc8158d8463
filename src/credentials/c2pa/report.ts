/**
 * What a C2PA manifest store amounts to, said in four separate answers and never in one tick: are the assertions those
 * that were claimed (integrity), does the signature over the claim verify, is the signer on the user's trust list, and do
 * these very bytes belong to the manifest (content binding). Untrusted is not fake; absence is not proof.
 * Input is the validated store as c2pa-rs reports it (C2PA 2.4 status codes); this file only sorts and translates.
 */
import type { Json } from '../../core/json.ts';
import { type SourceType, sourceType } from '../iptc.ts';
import type { ManifestPresence } from './presence.ts';

/** Reads and validates manifest stores; the Node one is in `engine.node.ts`. */
export interface C2paEngine {
  /** True when the user named roots of trust; otherwise nobody's signature can be called trusted. */
  readonly hasTrustList: boolean;
  /** The validated manifest store of a file, or why it could not be read. Never throws for what the file contains. */
  read(bytes: Uint8Array, mime: string): Promise<C2paReading>;
}

export type C2paReading = { readonly store: unknown } | { readonly problem: string };

export interface Check {
  readonly result: 'passed' | 'failed' | 'unknown';
  /** The status codes behind it. */
  readonly codes: readonly string[];
}

export interface TrustCheck {
  /** `noTrustList`: the user configured none, so the question was not asked. */
  readonly result: 'trusted' | 'untrusted' | 'noTrustList' | 'unknown';
  readonly codes: readonly string[];
}

export interface C2paAction {
  readonly action: string;
  readonly softwareAgent?: string;
  readonly when?: string;
  readonly description?: string;
  readonly sourceType?: SourceType;
}

export interface C2paIngredient {
  readonly title?: string;
  readonly relationship: string;
  readonly hasManifest: boolean;
  /** Failure codes met while validating it. */
  readonly failures: readonly string[];
}

/** A source type and whose it is: of this manifest, of what it was made from as a whole, or of a part placed in it. */
export interface C2paSource extends SourceType {
  readonly of: 'active' | 'parent' | 'component';
  /** The action that states it; absent when a metadata assertion does. */
  readonly action?: string;
}

export interface C2paRead {
  readonly status: 'read';
  readonly carriers: readonly string[];
  readonly integrity: Check;
  readonly signature: Check;
  readonly trust: TrustCheck;
  readonly binding: Check;
  /** The signer's certificate: fit for signing, not expired when signed, not revoked. A lapsed one is no tampering. */
  readonly credential: Check;
  readonly signer?: { readonly organisation?: string; readonly name?: string; readonly algorithm?: string };
  /** Time of the signature by a time stamp, where there is one. */
  readonly signedAt?: string;
  readonly claimGenerator?: string;
  readonly title?: string;
  readonly manifests: number;
  readonly assertions: readonly string[];
  readonly actions: readonly C2paAction[];
  readonly ingredients: readonly C2paIngredient[];
  readonly sources: readonly C2paSource[];
  /** Failure codes that belong to none of these: time stamps, ingredients, breaches of form. */
  readonly otherFailures: readonly string[];
}

export type C2paReport =
  | C2paRead
  | { readonly status: 'absent'; readonly remote?: string }
  | { readonly status: 'unreadable'; readonly carriers: readonly string[]; readonly problem: string }
  | { readonly status: 'notExamined'; readonly carriers: readonly string[]; readonly problem?: string };

type Dict = Readonly<Record<string, unknown>>;
const dict = (v: unknown): Dict =>
  typeof v === 'object' && v !== null && !Array.isArray(v) ? (v as Dict) : {};
const list = (v: unknown): readonly unknown[] => (Array.isArray(v) ? v.slice(0, 500) : []);
const text = (v: unknown): string | undefined =>
  typeof v === 'string' && v.trim() ? v.trim().slice(0, 500) : undefined;

type Question = 'integrity' | 'signature' | 'credential' | 'trust' | 'binding' | 'other';

/** Which question a status code answers. */
function questionOf(code: string): Question {
  if (code === 'signingCredential.trusted' || code === 'signingCredential.untrusted') return 'trust';
  if (/^signingCredential\.|^claimSignature\.(?:inside|outside)Validity$/.test(code)) return 'credential';
  if (/^(?:claimSignature|algorithm)\./.test(code)) return 'signature';
  if (
    /^assertion\.(?:dataHash|bmffHash|boxesHash|collectionHash|multiAssetHash|multipleHardBindings)/.test(
      code,
    )
  ) {
    return 'binding';
  }
  if (code.startsWith('claim.hardBindings')) return 'binding';
  // the rest is time stamps, ingredients, other people's assertions, and breaches of form that change no content
  return /^assertion\.(?:hashedURI|missing|undeclared|inaccessible|(?:cbor|json)\.invalid)|^claim\./.test(
    code,
  )
    ? 'integrity'
    : 'other';
}

function codesOf(statuses: unknown): string[] {
  return list(statuses)
    .map((s) => text(dict(s).code))
    .filter((c) => c !== undefined);
}

function ask(
  question: Question,
  success: readonly string[],
  failure: readonly string[],
  proof: RegExp,
): Check {
  const failed = failure.filter((c) => questionOf(c) === question);
  const passed = success.filter((c) => questionOf(c) === question);
  const result = failed.length > 0 ? 'failed' : passed.some((c) => proof.test(c)) ? 'passed' : 'unknown';
  return { result, codes: [...new Set(failed.length > 0 ? failed : passed)] };
}

function agentName(value: unknown): string | undefined {
  if (typeof value === 'string') return text(value);
  const { name, version } = dict(value);
  const named = text(name);
  return named && (text(version) ? `${named} ${text(version)}` : named);
}

function claimGenerator(manifest: Dict): string | undefined {
  const named = list(manifest.claim_generator_info).map(agentName).filter(Boolean).join(', ');
  return named || text(manifest.claim_generator);
}

function actionsOf(manifest: Dict): C2paAction[] {
  return list(manifest.assertions)
    .map(dict)
    .filter((a) => text(a.label)?.startsWith('c2pa.actions'))
    .flatMap((a) => list(dict(a.data).actions))
    .map(dict)
    .map((a): C2paAction => {
      const agent = agentName(a.softwareAgent);
      const stated = text(a.digitalSourceType);
      const type = stated && sourceType(stated);
      const description = text(a.description) ?? text(dict(a.parameters).description);
      return {
        action: text(a.action) ?? 'unknown',
        ...(agent && { softwareAgent: agent }),
        ...(text(a.when) && { when: text(a.when) }),
        ...(description && { description }),
        ...(type && { sourceType: type }),
      };
    });
}

/** Source types stated outside actions (IPTC metadata assertions), to a depth of six. */
function metadataSources(manifest: Dict): SourceType[] {
  const found: SourceType[] = [];
  const walk = (value: unknown, depth: number) => {
    if (depth > 6 || found.length > 20) return;
    if (Array.isArray(value)) for (const item of value.slice(0, 100)) walk(item, depth + 1);
    else {
      for (const [key, inner] of Object.entries(dict(value)).slice(0, 200)) {
        const type = /digitalsourcetype$/i.test(key) ? sourceType(text(inner) ?? '') : undefined;
        if (type) found.push(type);
        else walk(inner, depth + 1);
      }
    }
  };
  for (const assertion of list(manifest.assertions).map(dict)) {
    if (!text(assertion.label)?.startsWith('c2pa.actions')) walk(assertion.data, 0);
  }
  return found;
}

function collectSources(
  manifests: Dict,
  label: string,
  of: C2paSource['of'],
  seen: Set<string>,
): C2paSource[] {
  if (seen.has(label) || seen.size > 50) return [];
  seen.add(label);
  const manifest = dict(Object.hasOwn(manifests, label) ? manifests[label] : undefined);
  const own = [
    ...actionsOf(manifest).flatMap((a) => (a.sourceType ? [{ ...a.sourceType, of, action: a.action }] : [])),
    ...metadataSources(manifest).map((s) => ({ ...s, of })),
  ];
  const inherited = list(manifest.ingredients)
    .map(dict)
    .flatMap((ingredient) => {
      const next = text(ingredient.active_manifest);
      // what was only given to a model as input (`inputTo`) is not part of the picture
      if (!next || ingredient.relationship === 'inputTo') return [];
      const placed = of === 'component' || ingredient.relationship !== 'parentOf';
      return collectSources(manifests, next, placed ? 'component' : 'parent', seen);
    });
  return [...own, ...inherited].slice(0, 50);
}

/** Sorts a validated manifest store into the four answers and the story it tells. */
export function interpretStore(
  store: unknown,
  carriers: readonly string[],
  hasTrustList: boolean,
): C2paReport {
  const root = dict(store);
  const active = text(root.active_manifest);
  const manifests = dict(root.manifests);
  if (!active || !Object.hasOwn(manifests, active)) {
    return { status: 'unreadable', carriers, problem: 'the store names no active manifest' };
  }
  const manifest = dict(manifests[active]);
  const results = dict(root.validation_results);
  const own = dict(results.activeManifest);
  const success = codesOf(own.success);
  const failure = codesOf(own.failure);
  const deltas = list(results.ingredientDeltas).map(dict);
  const trustCodes = [...success, ...failure].filter((c) => questionOf(c) === 'trust');
  const trusted = success.includes('signingCredential.trusted');
  const untrusted = failure.includes('signingCredential.untrusted');
  const signature = dict(manifest.signature_info);
  const signer = {
    ...(text(signature.issuer) && { organisation: text(signature.issuer) }),
    ...(text(signature.common_name) && { name: text(signature.common_name) }),
    ...(text(signature.alg) && { algorithm: text(signature.alg) }),
  };
  const generator = claimGenerator(manifest);
  return {
    status: 'read',
    carriers,
    integrity: ask('integrity', success, failure, /^assertion\.hashedURI\.match$/),
    signature: ask('signature', success, failure, /^claimSignature\.validated$/),
    trust: {
      result: trusted ? 'trusted' : !hasTrustList ? 'noTrustList' : untrusted ? 'untrusted' : 'unknown',
      codes: [...new Set(trustCodes)],
    },
    binding: ask('binding', success, failure, /\.match$/),
    credential: ask('credential', success, failure, /^claimSignature\.insideValidity$/),
    ...(Object.keys(signer).length > 0 && { signer }),
    ...(text(signature.time) && { signedAt: text(signature.time) }),
    ...(generator && { claimGenerator: generator }),
    ...(text(manifest.title) && { title: text(manifest.title) }),
    manifests: Object.keys(manifests).length,
    assertions: list(manifest.assertions)
      .map((a) => text(dict(a).label))
      .filter((l) => l !== undefined),
    actions: actionsOf(manifest).slice(0, 100),
    ingredients: list(manifest.ingredients)
      .map(dict)
      .slice(0, 100)
      .map((i) => ({
        ...(text(i.title) && { title: text(i.title) }),
        relationship: text(i.relationship) ?? 'unknown',
        hasManifest: text(i.active_manifest) !== undefined,
        failures: [...new Set(codesOf(dict(dict(i.validation_results).activeManifest).failure))],
      })),
    sources: collectSources(manifests, active, 'active', new Set()),
    otherFailures: [
      ...new Set([
        ...failure.filter((c) => questionOf(c) === 'other'),
        ...deltas.flatMap((d) => codesOf(dict(d.validationDeltas).failure)),
      ]),
    ].slice(0, 50),
  };
}

/** Validates what `presence` found; without a manifest the engine is not touched. Never rejects. */
export async function readC2pa(
  bytes: Uint8Array,
  mime: string,
  presence: ManifestPresence,
  engine: C2paEngine | undefined,
): Promise<C2paReport> {
  const { carriers, remote } = presence;
  if (carriers.length === 0) return { status: 'absent', ...(remote && { remote }) };
  if (!engine) return { status: 'notExamined', carriers };
  let reading: C2paReading;
  try {
    reading = await engine.read(bytes, mime);
  } catch (thrown) {
    // the engine itself is missing or broken: that says nothing about the file
    const problem = thrown instanceof Error ? thrown.message : String(thrown);
    return { status: 'notExamined', carriers, problem: problem.slice(0, 500) };
  }
  if ('problem' in reading) return { status: 'unreadable', carriers, problem: reading.problem.slice(0, 500) };
  return interpretStore(reading.store, carriers, engine.hasTrustList);
}

const check = (c: Check | TrustCheck): Json => ({ result: c.result, codes: c.codes });

/** The report as it stands in the record of a file. */
export function c2paJson(report: C2paReport): Json {
  if (report.status === 'absent') return { status: 'absent', remote: report.remote ?? null };
  if (report.status === 'notExamined') {
    return { status: 'notExamined', carriers: report.carriers, problem: report.problem ?? null };
  }
  if (report.status === 'unreadable') {
    return { status: 'unreadable', carriers: report.carriers, problem: report.problem };
  }
  return {
    status: 'read',
    carriers: report.carriers,
    integrity: check(report.integrity),
    signature: check(report.signature),
    trust: check(report.trust),
    binding: check(report.binding),
    credential: check(report.credential),
    signer: report.signer
      ? {
          organisation: report.signer.organisation ?? null,
          name: report.signer.name ?? null,
          algorithm: report.signer.algorithm ?? null,
        }
      : null,
    signedAt: report.signedAt ?? null,
    claimGenerator: report.claimGenerator ?? null,
    title: report.title ?? null,
    manifests: report.manifests,
    assertions: report.assertions,
    actions: report.actions.map((a) => ({
      action: a.action,
      softwareAgent: a.softwareAgent ?? null,
      when: a.when ?? null,
      description: a.description ?? null,
      digitalSourceType: a.sourceType?.code ?? null,
    })),
    ingredients: report.ingredients.map((i) => ({
      title: i.title ?? null,
      relationship: i.relationship,
      hasManifest: i.hasManifest,
      failures: i.failures,
    })),
    digitalSourceTypes: report.sources.map((s) => ({
      code: s.code,
      nature: s.nature,
      of: s.of,
      action: s.action ?? null,
    })),
    otherFailures: report.otherFailures,
  };
}
