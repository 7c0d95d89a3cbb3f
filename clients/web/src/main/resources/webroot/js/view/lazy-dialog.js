// Dialogs that few people open are loaded when they do.

/** A function that opens the dialog of a module; `make` makes it the first time. */
export function lazyDialog(path, make, onError) {
  let made = null;
  return async (...what) => {
    try {
      made ??= import(path).then(make);
      await (await made).open(...what);
    } catch (problem) {
      made = null;
      onError(problem);
    }
  };
}
