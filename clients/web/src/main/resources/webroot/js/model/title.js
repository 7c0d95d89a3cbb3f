// What the browser's tab says: whether somebody is waited for, and which session is open.

/** `sessions` are those that are known, the open one (null for none) among them or not. */
export function titleOf(open, state, sessions) {
  const base = open ? `${open.name} – Concert` : "Concert";
  if (open && state === "waiting") {
    return `Needs you: ${base}`;
  }
  const others = sessions.filter((one) => one.state === "waiting" && one.id !== open?.id).length;
  return others > 0 ? `(${others}) ${base}` : base;
}
