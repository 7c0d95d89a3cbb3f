/**
 * What {@code concert turn} does with the git repository that it is called in, and {@code concert
 * undo}.
 */
package dev.concert.platform.command.project;
