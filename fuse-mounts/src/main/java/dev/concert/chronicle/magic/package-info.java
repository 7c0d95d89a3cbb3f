/**
 * {@code .chronicle} in the root of a mounted workspace: its history, as files.
 *
 * <ul>
 *   <li>{@code .chronicle/query/PATH}: JSON array of the path's iterations, oldest first: {@code
 *       iteration}, {@code timestamp} (Unix milliseconds), {@code size}, {@code hash}, {@code
 *       change}, and {@code from} after a rename
 *   <li>{@code .chronicle/at/N/PATH}: the content of the path's iteration {@code N}
 *   <li>{@code .chronicle/at/@TIME/…}: the whole tree as it was at a moment, to be browsed; {@code
 *       TIME} is ISO-8601 ({@code 2026-11-21T08:00:00Z}, or a day) or Unix milliseconds
 * </ul>
 *
 * <p>Everything is read-only ({@code EROFS}) and nothing of it is listed in the root. A name is a
 * folder where some path of the history lies below it, even where it was a file at times. What the
 * real tree has under that name is out of sight while it is mounted.
 */
package dev.concert.chronicle.magic;
