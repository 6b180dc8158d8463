/**
 * How much each statement about a file's origin is worth, as a natural-logarithm likelihood ratio. These are stated
 * judgements, not measurements: no corpus says how often a real photograph carries a generator's prompt. What guides
 * them: a lie must cost its teller something. Saying "I was generated" helps nobody pass a picture off as real, so even
 * unsigned admissions weigh much; saying "I am a photograph" is what every forger would write, so it weighs next to
 * nothing unless a signature on the user's own trust list stands behind it.
 */
import type { Claim } from '../../core/evidence.ts';

export interface Weight {
  readonly llr: number;
  readonly claim: Claim;
  readonly reason: string;
}

const row = (llr: number, claim: Claim, reason: string): Weight => ({ llr, claim, reason });

export const WEIGHTS = {
  // C2PA says: generated
  'c2pa-generated-trusted': row(7, 'synthetic', 'signed by somebody on the trust list, bound to these bytes'),
  'c2pa-generated-valid': row(
    6,
    'synthetic',
    'valid and bound, but the signer is on no list: anyone can sign, few have a reason to accuse themselves',
  ),
  'c2pa-generated-broken': row(
    3,
    'synthetic',
    'the statement is there but no longer vouched for; a manifest can be transplanted to discredit a photograph',
  ),
  'c2pa-generator-named': row(4, 'synthetic', 'the manifest names a generator without stating a source type'),
  // C2PA says: partly generated
  'c2pa-composite-trusted': row(
    6,
    'manipulated',
    'signed by somebody on the trust list, bound to these bytes',
  ),
  'c2pa-composite-valid': row(5, 'manipulated', 'valid and bound, signer on no list'),
  'c2pa-composite-broken': row(2.5, 'manipulated', 'the statement is there but no longer vouched for'),
  // C2PA says: photographed
  'c2pa-capture-trusted': row(
    -5,
    'synthetic',
    'a listed signer vouches for a capture and these are its bytes; keys leak and screens can be photographed, hence not more',
  ),
  'c2pa-capture-edited-trusted': row(
    -2,
    'synthetic',
    'the same, but edited since by tools the manifest does not describe fully',
  ),
  'c2pa-capture-untrusted': row(
    -0.5,
    'synthetic',
    'anyone can sign such a statement with a key made a minute ago',
  ),
  // C2PA does not hold
  'c2pa-content-changed': row(
    1.5,
    'manipulated',
    'claim and signature hold but the picture is not the one signed; also happens when a re-save keeps the manifest',
  ),
  'c2pa-broken': row(1, 'manipulated', 'the manifest itself was changed after signing'),
  // GB 45438-2025
  'aigc-is': row(
    6,
    'synthetic',
    'the label every provider in China must write; nobody labels a photograph so',
  ),
  'aigc-is-flawed': row(5.5, 'synthetic', 'the same with a formal flaw, common among early writers'),
  'aigc-may-be': row(2, 'synthetic', '"2": a platform was told so by its user'),
  'aigc-suspected': row(1.5, 'synthetic', '"3": a platform suspects it, by a detector unknown to us'),
  'aigc-unreadable': row(2, 'synthetic', 'something wrote a label whose content is lost'),
  // IPTC, unsigned
  'iptc-generated': row(5, 'synthetic', 'written by generators and by honest editors; unsigned'),
  'iptc-composite': row(4, 'manipulated', 'written by generative editing tools; unsigned'),
  'iptc-ai-system': row(4.5, 'synthetic', 'an AI system is named as the maker; unsigned'),
  // generators' own traces, unsigned
  'generator-parameters': row(5, 'synthetic', 'prompt, seed and settings of a generation'),
  'generator-parameters-input': row(
    4,
    'synthetic',
    'the same, but an existing picture was part of the input',
  ),
  'generator-name': row(4, 'synthetic', 'a generator signs as the program or author'),
  'generator-part': row(3.5, 'manipulated', 'a generative editor signs an edit of a part'),
  'generator-processed': row(1, 'synthetic', 'went through a generator program without a generating step'),
  'generator-hint': row(0.7, 'synthetic', 'typical surroundings of generators, not more'),
  'generator-hint-part': row(1.5, 'manipulated', 'an undocumented mark of a generative editor'),
  // camera metadata, unsigned
  'camera-consistent': row(-0.7, 'synthetic', 'complete and without contradiction, but anyone can copy EXIF'),
  'camera-partial': row(-0.2, 'synthetic', 'some of it'),
  'camera-contradictory': row(
    0.4,
    'manipulated',
    'it cannot be true of this file; software mangles EXIF by accident, too',
  ),
  // stripped metadata weighs nothing: platforms strip as a matter of course
} as const satisfies Readonly<Record<string, Weight>>;

export type Rule = keyof typeof WEIGHTS;

/** For each further kind of statement that agrees with the strongest one; they are rarely independent. */
export const AGREEMENT_BONUS = 0.5;
/** No unsigned or signed statement is worth more than this, all taken together. */
export const LIMIT = 8;
