// Where an event stands relative to what the page has.

/**
 * `next`: it follows directly. `known`: the page has it. `hole`: something between is missing.
 * `overlap`: a merged piece of which the page has only a part.
 */
export function placeOf(event, lastSeq) {
  const first = event.firstSeq ?? event.seq;
  if (event.seq <= lastSeq) {
    return "known";
  }
  if (first > lastSeq + 1) {
    return "hole";
  }
  return first <= lastSeq ? "overlap" : "next";
}
