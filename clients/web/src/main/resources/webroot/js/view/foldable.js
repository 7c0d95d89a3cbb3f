// A <details> that opens and closes by itself until the person decides.

export function foldable(details) {
  let decided = false;
  details.querySelector("summary").addEventListener("click", () => {
    decided = true;
  });
  return {
    suggest(open) {
      if (!decided && details.open !== Boolean(open)) {
        details.open = Boolean(open);
      }
    },
  };
}
