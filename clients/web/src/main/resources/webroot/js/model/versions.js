// Which versions of a file are compared.

/** Stands for "nothing", in place of the number of a version. */
export const NOTHING = 0;

/**
 * The version to compare `shown` with: the one that was chosen, else the one before. Null is nothing: the file was
 * not there before its first version. `versions` are newest first, `shown` and `chosen` are numbers.
 */
export function baseOf(versions, shown, chosen) {
  const older = versions.find(({ iteration }) => iteration < shown) ?? null;
  if (chosen === null || chosen === shown) {
    return older;
  }
  return chosen === NOTHING ? null : (versions.find(({ iteration }) => iteration === chosen) ?? older);
}
