/** The commands of {@code concert github}: Apps, the repositories that they serve, and runs. */
package dev.concert.platform.command.github;
