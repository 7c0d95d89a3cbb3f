package dev.concert.chronicle.localsync.watch;

import java.util.Set;

/**
 * What is to be looked at again.
 *
 * @param everything whether single paths are not enough: events were lost, folders moved, rules
 *     changed, or too much happened at once
 * @param paths of files that may have changed, been made or deleted
 */
public record ChangedPaths(boolean everything, Set<String> paths) {}
