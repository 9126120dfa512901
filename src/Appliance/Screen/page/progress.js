// How far a study is, from the counts of a snapshot.
import { texts } from './texts.en.js';
import { kindOf } from './dom.js';

const SCALES = [100, 200, 400, 800, 1600, 3200, 6400];

/** Of so many a ruler is, when so many have come: how many will come is not known, so it grows in few steps. */
export const scaleOf = originals => SCALES.find(n => n >= originals) ?? originals;

/** Originals that are still to be analysed. */
export const waitingOf = study => study.originals - study.originals_analysed - study.originals_not_analysed;

/** Nothing of it is analysed, and nothing will be. */
export const isRefused = study => Boolean(study.refused) && study.originals_not_analysed >= study.originals;

/** Nothing of it is still to be analysed, and some of it will not be. */
export const endedInRefusal = study => Boolean(study.refused) && waitingOf(study) <= 0;

export const countOf = study => texts[kindOf(study.modality)](study.originals);

/** What stands where organs will be shown. */
export function organsText(study) {
  if (!study || study.originals_analysed === 0 || waitingOf(study) <= 0) return texts.viewer.noLabels;
  return (study.state === 'Receiving' ? texts.viewer.arriving : texts.viewer.analysing)(study.originals_analysed, countOf(study));
}
