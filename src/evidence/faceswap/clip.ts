/** From the faces of a watched clip to evidence: person by person, second by second. */
import type { Evidence, PersonLane, Region, Span } from '../../core/evidence.ts';
import type { Person, SeenFace, Watched } from '../watch/watched.ts';
import { type FaceswapCalibration, llrInterval, llrOf, llrOfAny } from './calibration.ts';
import { NAME, notApplicable, strengthOf, VERSION } from './evidence.ts';
import { bySecond, confidentStrategy, logitOf } from './pooling.ts';
import { clipSummaryOf, MEASURED_ON, NO_FACE_IN_CLIP, NOT_INSTALLED, TOO_SMALL } from './words.ts';

/** A face seen at fewer moments is a passer-by or a mistake of the face finder. */
const LEAST_MOMENTS = 3;
const MOST_PEOPLE = 8;
const MOST_SPANS = 20;

type Judged = SeenFace & { readonly logit: number };

/** Who is judged: seen often enough, in faces large enough. */
export function judgedPeople(
  people: readonly Person[],
  moments: number,
): { readonly person: number; readonly seen: Judged[] }[] {
  const least = Math.min(LEAST_MOMENTS, Math.max(1, moments));
  return people
    .map(({ sightings }, i) => ({
      person: i + 1,
      seen: sightings.filter((one): one is Judged => one.logit !== null),
    }))
    .filter(({ seen }) => seen.length >= least)
    .slice(0, MOST_PEOPLE);
}

export function faceswapEvidenceOfClip(watched: Watched, calibration: FaceswapCalibration): Evidence {
  if (!watched.facesLookedFor) return notApplicable('component-missing', NOT_INSTALLED);
  if (watched.people.length === 0) return notApplicable('no-face', NO_FACE_IN_CLIP);
  const judged = judgedPeople(watched.people, watched.moments.length);
  if (judged.length === 0) return notApplicable('too-small', TOO_SMALL);
  const strengths = (seen: readonly Judged[]) =>
    seen.map(({ logit }) => strengthOf(llrOf(logit, calibration)));
  const pooled = judged.map(({ seen }) =>
    logitOf(confidentStrategy(seen.map(({ logit }) => 1 / (1 + Math.exp(-logit))))),
  );
  const people: PersonLane[] = judged.map(({ person, seen }, i) => ({
    person,
    start: seen[0].time,
    end: seen[seen.length - 1].time,
    llr: llrOf(pooled[i], calibration),
    perSecond: bySecond(
      seen.map(({ time }) => time),
      strengths(seen),
      watched.duration,
    ),
  }));
  const llr = llrOfAny(people.map((lane) => lane.llr));
  const detected = llr >= calibration.detectFrom;
  const worst = people.reduce((best, lane, i) => (lane.llr > people[best].llr ? i : best), 0);
  return {
    status: detected ? 'detected' : 'notDetected',
    detector: NAME,
    version: VERSION,
    claim: 'manipulated',
    summary: clipSummaryOf(llr, detected, people.length, people[worst].person),
    llr,
    llrInterval: llrInterval(pooled, calibration),
    regions: detected ? [regionOf(judged[worst].seen, strengths(judged[worst].seen))] : [],
    spans: detected ? spansOf(people[worst]) : [],
    perSecond: people[worst].perSecond,
    people,
    measuredOn: MEASURED_ON,
    details: {
      pooling: 'confident',
      people: judged.map(({ person, seen }, i) => ({
        person,
        moments: seen.length,
        score: pooled[i],
        meanScore: seen.reduce((sum, { logit }) => sum + logit / seen.length, 0),
      })),
    },
  };
}

/** Where the person's face was when it was most suspicious. */
function regionOf(seen: readonly Judged[], strengths: readonly number[]): Region {
  const most = strengths.indexOf(Math.max(...strengths));
  return { ...seen[most].face.box, score: strengths[most] };
}

/** Runs of seconds in which the claim is likelier than not. */
export function spansOf({ perSecond }: Pick<PersonLane, 'perSecond'>): Span[] {
  const spans: { start: number; end: number; score: number }[] = [];
  perSecond.forEach((v, s) => {
    if (!(v > 0.5)) return;
    const last = spans[spans.length - 1];
    if (last && last.end === s) {
      last.end = s + 1;
      last.score = Math.max(last.score, v);
    } else spans.push({ start: s, end: s + 1, score: v });
  });
  return spans
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST_SPANS)
    .sort((a, b) => a.start - b.start);
}
