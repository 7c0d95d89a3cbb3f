package dev.concert.github.rule;

/** What an agent may do, from the most to the least. */
public enum RulePermission {
  /** What the tenant allows, never more. */
  ALLOW,
  /** It gets no permission that it asks for. */
  DENY,
  /** Nor does anything that it changes reach GitHub. */
  READ;

  /** The one of the two that allows less. */
  public RulePermission and(RulePermission other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
