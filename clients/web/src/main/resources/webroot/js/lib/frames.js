// Gathers changes and draws them once per animation frame.

/** A function that asks for `draw` in the next frame, however often it is called before. */
export function oncePerFrame(draw) {
  let asked = false;
  return () => {
    if (!asked) {
      asked = true;
      soon(() => {
        asked = false;
        draw();
      });
    }
  };
}

// A hidden tab gets no frames; it is drawn by a timer, so that it is up to date when it is shown.
function soon(run) {
  if (document.hidden) {
    setTimeout(run, 200);
  } else {
    requestAnimationFrame(run);
  }
}

/** Runs at once, then at most once per `gapMs`, and always once after the last call. */
export function throttled(run, gapMs) {
  let last = 0;
  let timer = null;
  return () => {
    if (timer === null) {
      timer = setTimeout(
        () => {
          timer = null;
          last = Date.now();
          run();
        },
        Math.max(60, last + gapMs - Date.now()),
      );
    }
  };
}
