/**
 * An audit of live recognisers: whom each shall know, what it is asked, what it answered. Half of a person's photos
 * (at most five) are enrolled, the others are what an honest customer shows; fakes are shown as those are. All that
 * is asked is known beforehand, so that its cost can be told before the first call.
 */
import { createHash } from 'node:crypto';
import type { AuditProblem } from '../core/audit.ts';
import { asHuoyanError } from '../core/errors.ts';
import type { Answer, Named } from './answers.ts';
import { type CallCounts, Caller, type Clock, type Memory, QuotaReached } from './calls/caller.ts';
import type { Fake, FakeSet } from './material/fakes.node.ts';
import type { Gallery, Person } from './material/gallery.node.ts';
import type { NameBook } from './names.ts';
import {
  type Act,
  type Call,
  type Picture,
  type Plan,
  type Recogniser,
  ServiceFailure,
} from './recogniser.ts';

/** Most photos of one person that are enrolled. */
const MOST_ENROLLED = 5;

export interface Material {
  readonly gallery: Gallery | null;
  readonly sets: readonly FakeSet[];
  readonly book: NameBook;
}

/** A real picture, shown as the fakes are. */
export interface Probe {
  readonly person: string;
  readonly picture: Picture;
}

export interface Questions extends Plan {
  readonly probes: readonly Probe[];
  readonly fakes: readonly Fake[];
  /** The real picture a fake is compared with. */
  readonly reference: ReadonlyMap<Fake, Picture>;
}

/** What `recogniser` is asked. One that knows celebrities is not enrolled, and is shown a few photos of each person. */
export function questionsFor(recogniser: Recogniser, { gallery, sets, book }: Material): Questions {
  const enrols = recogniser.knows === 'enrolled';
  const people = peopleToKnow(gallery, sets, book);
  const halves = people.map(({ name, photos }) => {
    const count = Math.min(MOST_ENROLLED, Math.ceil(photos.length / 2));
    return { name, enrolled: photos.slice(0, count), rest: photos.slice(count) };
  });
  const probes = halves.flatMap(({ name, enrolled, rest }) =>
    (enrols ? rest : enrolled).map((picture) => ({ person: name, picture })),
  );
  const firsts = new Map(halves.map(({ name, enrolled }) => [book.key(name), enrolled[0]]));
  const fakes = sets.flatMap((set) => set.fakes);
  const reference = new Map<Fake, Picture>();
  for (const set of sets) {
    for (const fake of set.fakes) {
      const key = fake.person === null ? '' : book.key(fake.person);
      const real = set.reals.get(key) ?? firsts.get(key);
      if (real) reference.set(fake, real);
    }
  }
  const known = new Set(enrols ? halves.flatMap(({ enrolled }) => enrolled.map((p) => p.sha256)) : []);
  const distinct = new Map<string, Picture>();
  for (const picture of [
    ...probes.map((probe) => probe.picture),
    ...[...reference.values()].filter(({ sha256 }) => !known.has(sha256)),
    ...fakes.map((fake) => fake.picture),
  ])
    distinct.set(picture.sha256, picture);
  return {
    enrol: enrols
      ? halves.flatMap(({ name, enrolled }) => enrolled.map((picture) => ({ person: name, picture })))
      : [],
    identify: [...distinct.values()],
    compare: recogniser.compare ? [...reference].map(([fake, real]) => [fake.picture, real] as const) : [],
    probes,
    fakes,
    reference,
  };
}

/** The gallery, and whoever else has a real picture beside the fakes: nobody passes as a person nobody knows. */
function peopleToKnow(gallery: Gallery | null, sets: readonly FakeSet[], book: NameBook): Person[] {
  const people = [...(gallery?.people ?? [])];
  const known = new Set(people.map(({ name }) => book.key(name)));
  for (const { reals, fakes } of sets) {
    for (const [key, photo] of reals) {
      if (known.has(key)) continue;
      known.add(key);
      const named = fakes.find(({ person }) => person !== null && book.key(person) === key)?.person;
      people.push({ name: named ?? key, photos: [photo] });
    }
  }
  return people;
}

/** The key of an act: the same question of the same recogniser about the same people is asked once. */
export function keysOf(recogniser: Recogniser, questions: Questions): (act: Act) => string {
  const knows = createHash('sha256');
  for (const { person, picture } of questions.enrol) knows.update(JSON.stringify([person, picture.sha256]));
  const known = knows.digest('hex');
  return (act) => {
    // A description is of one picture; every other answer depends on who is known.
    const whom = act.operation === 'describe' || act.operation === 'compare' ? '' : known;
    const all = [recogniser.name, recogniser.settings, whom, act.operation, ...act.key];
    return createHash('sha256').update(JSON.stringify(all)).digest('hex');
  };
}

export interface Estimate {
  readonly recogniser: string;
  /** Calls by operation, and how many of them are answered already. */
  readonly calls: readonly {
    readonly operation: string;
    readonly all: number;
    readonly remembered: number;
  }[];
  /** US dollars for the calls still to be made; null where no price is known. */
  readonly dollars: number | null;
  /** At least so many seconds, by the pace alone; 0 where there is no limit. */
  readonly seconds: number;
}

export function estimate(recogniser: Recogniser, questions: Questions, memory: Memory): Estimate {
  const keyOf = keysOf(recogniser, questions);
  const counts = new Map<string, { all: number; remembered: number }>();
  for (const act of recogniser.acts(questions)) {
    const count = counts.get(act.operation) ?? { all: 0, remembered: 0 };
    count.all++;
    if (memory.get(keyOf(act))) count.remembered++;
    counts.set(act.operation, count);
  }
  const calls = [...counts].map(([operation, count]) => ({ operation, ...count }));
  const { price, pace, name } = recogniser;
  const open = calls.map(({ operation, all, remembered }) => ({ operation, n: all - remembered }));
  return {
    recogniser: name,
    calls,
    dollars:
      price &&
      open.reduce((sum, { operation, n }) => sum + (n * (price.perThousand[operation] ?? 0)) / 1000, 0),
    seconds: Number.isFinite(pace.perSecond) ? open.reduce((sum, { n }) => sum + n, 0) / pace.perSecond : 0,
  };
}

export interface Shown {
  readonly person: string;
  readonly picture: Picture;
  readonly named: Named;
}

export interface RecogniserRun {
  readonly recogniser: Recogniser;
  readonly questions: Questions;
  readonly answers: readonly Answer[];
  /** What it said to real pictures. */
  readonly probes: readonly Shown[];
  /** Fakes without an answer, by set. */
  readonly failed: ReadonlyMap<string, number>;
  readonly problems: readonly AuditProblem[];
  readonly calls: CallCounts;
  /** For whoever asks more of the same recogniser; counts and remembers as the run did. */
  readonly call: Call;
}

export interface RunOptions {
  readonly memory: Memory;
  readonly book: NameBook;
  /** Calls in all, this run. */
  readonly mostCalls?: number;
  readonly clock?: Clock;
  readonly progress?: (done: number, of: number) => void;
}

/**
 * Asks everything. A picture without an answer is a problem and the rest goes on; throws HuoyanError where going on
 * makes no sense: a key that is not accepted, the limit of calls.
 */
export async function runRecogniser(
  recogniser: Recogniser,
  questions: Questions,
  options: RunOptions,
): Promise<RecogniserRun> {
  const { memory, mostCalls, clock, book } = options;
  const caller = new Caller({
    recogniser: recogniser.name,
    keyOf: keysOf(recogniser, questions),
    memory,
    pace: recogniser.pace,
    paid: recogniser.remote,
    mostCalls,
    clock,
  });
  const { call } = caller;
  const problems: AuditProblem[] = [];
  const of = questions.enrol.length + questions.identify.length + questions.compare.length;
  let done = 0;
  /** `act` for every item, some at a time, in order; what it cannot do for one becomes a problem. */
  const each = async <T>(
    items: readonly T[],
    picture: (item: T) => Picture,
    act: (item: T) => Promise<void>,
  ) => {
    let next = 0;
    const worker = async () => {
      while (next < items.length) {
        const item = items[next++];
        try {
          await act(item);
        } catch (thrown) {
          if (isFatal(thrown)) {
            next = items.length;
            throw thrown;
          }
          problems.push({ file: picture(item).file, error: asHuoyanError(thrown) });
        }
        options.progress?.(++done, of);
      }
    };
    await Promise.all(Array.from({ length: recogniser.pace.parallel }, worker));
  };

  if (recogniser.enrol) {
    const enrol = recogniser.enrol.bind(recogniser);
    await each(
      questions.enrol,
      (one) => one.picture,
      ({ person, picture }) => enrol(person, picture, call),
    );
  }
  await recogniser.ready?.(call);
  const said = new Map<string, Named>();
  await each(
    questions.identify,
    (picture) => picture,
    async (picture) => {
      const [first] = await recogniser.identify(picture, call);
      said.set(picture.sha256, { name: first?.name ?? null, confidence: first?.confidence ?? null });
    },
  );
  const alike = new Map<string, number | null>();
  const pairKey = (a: Picture, b: Picture) => `${a.sha256} ${b.sha256}`;
  if (recogniser.compare) {
    const compare = recogniser.compare.bind(recogniser);
    await each(
      questions.compare,
      ([fake]) => fake,
      async ([fake, real]) => {
        alike.set(pairKey(fake, real), (await compare(fake, real, call)).similarity);
      },
    );
  }

  const failed = new Map<string, number>();
  const answers = questions.fakes.flatMap((fake): Answer[] => {
    const named = said.get(fake.picture.sha256);
    if (!named) {
      failed.set(fake.set, (failed.get(fake.set) ?? 0) + 1);
      return [];
    }
    const real = questions.reference.get(fake);
    return [
      {
        set: fake.set,
        service: recogniser.name,
        method: fake.method,
        file: fake.picture.file,
        person: fake.person,
        fake: named,
        real: (real && realFor(fake, real, questions, said, book)) ?? null,
        similarity: real ? (alike.get(pairKey(fake.picture, real)) ?? null) : null,
        clip: fake.clip,
      },
    ];
  });
  const probes = questions.probes.flatMap(({ person, picture }) => {
    const named = said.get(picture.sha256);
    return named ? [{ person, picture, named }] : [];
  });
  return { recogniser, questions, answers, probes, failed, problems, calls: caller.counts, call };
}

/**
 * What was said to the real picture a fake is held against. A picture that is itself enrolled would be recognised
 * perfectly, so an honest customer's other picture stands for it.
 */
function realFor(
  fake: Fake,
  reference: Picture,
  questions: Questions,
  said: ReadonlyMap<string, Named>,
  book: NameBook,
): Named | null {
  const enrolled = questions.enrol.some(({ picture }) => picture.sha256 === reference.sha256);
  if (!enrolled) return said.get(reference.sha256) ?? null;
  const person = fake.person;
  const own = questions.probes.find((probe) => person !== null && book.same(probe.person, person));
  return (own && said.get(own.picture.sha256)) ?? null;
}

function isFatal(thrown: unknown): boolean {
  if (thrown instanceof QuotaReached) return true;
  if (thrown instanceof ServiceFailure) return thrown.kind === 'denied';
  const code = (thrown as { code?: unknown } | null)?.code;
  return code === 'component-missing' || code === 'internal';
}
