package dev.concert.chronicle.iteration;

import java.util.List;

/**
 * A workspace at one moment.
 *
 * @param sequence latest iteration that it includes
 * @param live the latest iteration of each path that is there, by path
 */
public record Snapshot(long sequence, List<Iteration> live) {}
