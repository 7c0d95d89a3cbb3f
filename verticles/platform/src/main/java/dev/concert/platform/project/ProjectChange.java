package dev.concert.platform.project;

/**
 * What the agent changed at a path.
 *
 * @param before what the project had when its files were sent last
 * @param after what the workspace has
 * @param runsCode whether programs of the user run what is in it without being told to
 */
public record ProjectChange(String path, PathContent before, PathContent after, boolean runsCode) {

  /** As in a list of changes: created, modified or deleted. */
  public String word() {
    return before.isNothing() ? "created" : after.isNothing() ? "deleted" : "modified";
  }
}
