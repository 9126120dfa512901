// An opened study: original and annotated side by side.
import { make } from './dom.js';

export function openStudy(section) { section.replaceChildren(make('p')); }
export function closeStudy() {}
export function studyChanged() {}
