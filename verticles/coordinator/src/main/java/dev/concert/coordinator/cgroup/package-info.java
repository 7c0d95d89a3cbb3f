/**
 * Control groups of the kernel, version 1, version 2 and both together.
 *
 * <p>A <em>hierarchy</em> is a mounted tree of groups with some <em>controllers</em>: version 2 has
 * one for all, version 1 usually one for each. A {@code Cgroup} is one group in every hierarchy
 * that has a controller for memory, CPU or processes.
 */
package dev.concert.coordinator.cgroup;
